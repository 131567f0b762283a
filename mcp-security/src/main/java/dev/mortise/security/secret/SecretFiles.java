package dev.mortise.security.secret;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Secrets in files of one directory, named as the secrets: as Kubernetes mounts them. The content is read anew each
 * time, so that it does not matter how it was replaced: Kubernetes swaps a symbolic link beside the files, which changes
 * neither their names nor, perhaps, their times.
 */
final class SecretFiles implements SecretSource {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}");

    private static final int MAX_BYTES = 64 * 1024;

    /** Reads a file. */
    @FunctionalInterface
    interface Opening {
        InputStream open(Path file) throws IOException;
    }

    private final Path directory;
    private final Opening opening;

    SecretFiles(Path directory) {
        this(directory, Files::newInputStream);
    }

    SecretFiles(Path directory, Opening opening) {
        this.directory = directory;
        this.opening = opening;
    }

    @Override
    public Optional<Secret> fetch(String name) throws IOException {
        if (!NAME.matcher(name).matches()) {
            throw new IOException("A secret in a file has a plain name, not " + name.length() + " other characters");
        }
        byte[] content;
        try (InputStream in = open(directory.resolve(name))) {
            content = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            if (content.length > MAX_BYTES) {
                throw new IOException("The file of a secret has more than " + MAX_BYTES + " bytes");
            }
            int end = content.length;
            // Editors and echo end a file with a line break, which is nobody's secret.
            if (end > 0 && content[end - 1] == '\n') {
                end--;
                if (end > 0 && content[end - 1] == '\r') {
                    end--;
                }
            }
            if (end == 0) {
                // Somebody is about to write it.
                throw new IOException("The file of a secret is empty");
            }
            byte[] value = Arrays.copyOf(content, end);
            try {
                return Optional.of(Secret.of(value));
            } finally {
                Arrays.fill(value, (byte) 0);
            }
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** The way to a file may lead through a link that is being swapped, into a directory that is gone a moment later. */
    private InputStream open(Path file) throws IOException {
        try {
            return opening.open(file);
        } catch (NoSuchFileException e) {
            return opening.open(file);
        }
    }
}
