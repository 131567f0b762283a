package dev.mortise.examples.production.storage;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** The folder in which one machine keeps databases and keys, which nobody else on it may read. */
public record DataFolder(Path path) {
    private static final int BUSY_MILLIS = 5_000;

    /** @throws IOException if it cannot be made or written to, in words for whoever set it */
    public static DataFolder open(Path path) throws IOException {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new IOException("MORTISE_DATA is " + path + ", which is no folder");
        }
        try {
            Files.createDirectories(path, only(path, "rwx------"));
        } catch (IOException e) {
            throw new IOException("MORTISE_DATA is " + path + ", which cannot be made: " + e.getMessage(), e);
        }
        if (!Files.isWritable(path)) {
            throw new IOException("MORTISE_DATA is " + path + ", which cannot be written to");
        }
        return new DataFolder(path);
    }

    /** One file for each part: they have one writer each, and the audit log writes often. */
    public DataSource database(String name) throws IOException {
        // Its other files get the same permissions from SQLite.
        Path file = file(name + ".db");
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }

    /** A file for its owner alone, whatever the umask says; an empty one if there was none. */
    public Path file(String name) throws IOException {
        Path file = path.resolve(name);
        try {
            Files.createFile(file, only(path, "rw-------"));
        } catch (FileAlreadyExistsException e) {
            // It was made before.
        }
        return file;
    }

    /** A folder in it, for its owner alone. */
    public Path folder(String name) throws IOException {
        return Files.createDirectories(path.resolve(name), only(path, "rwx------"));
    }

    /** A secret of 256 random bits as text, made when it is first needed. */
    public String secret(String name) throws IOException {
        Path file = path.resolve(name);
        if (!Files.exists(file)) {
            byte[] bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            Path whole = Files.createTempFile(path, name, ".new", only(path, "rw-------"));
            Files.writeString(whole, Base64.getEncoder().encodeToString(bytes) + "\n", StandardOpenOption.WRITE);
            try {
                // Of two processes that start at once, one makes it, and both read the same.
                Files.createLink(file, whole);
            } catch (FileAlreadyExistsException e) {
                // The other was quicker.
            } finally {
                Files.delete(whole);
            }
        }
        return Files.readString(file).strip();
    }

    /** Whether nothing was kept there yet: it is empty, or not even there. */
    public static boolean isNew(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return !Files.exists(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.findAny().isEmpty();
        }
    }

    /** @throws IOException if it could not be made there, in words for whoever set it; nothing is made */
    public static void requirePossible(Path path) throws IOException {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            throw new IOException("MORTISE_DATA is " + path + ", which cannot be made: " + there
                    + (Files.isDirectory(there) ? " cannot be written to" : " is no folder"));
        }
    }

    /** Removes a folder with all that is in it, if it is there. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileAttribute<?>[] only(Path path, String permissions) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
