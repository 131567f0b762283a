package dev.mortise.examples.documents;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The documents below one folder, and the only door to them. No name leads out of the folder, and no symbolic link
 * is followed, also none within it. Nothing is remembered: what it says is what the disk says now. Thread-safe.
 */
final class DocumentFolder {
    /** Larger files are not documents for a model to read. */
    static final int MAX_BYTES = 2 * 1024 * 1024;

    private static final int HEAD_BYTES = 8 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(DocumentFolder.class);

    private final Path root;
    private final URI rootUri;

    private DocumentFolder(Path root) {
        this.root = root;
        this.rootUri = root.toUri();
    }

    /** @throws FileSystemException if there is no such folder, or it cannot be read, saying which */
    static DocumentFolder open(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            throw new NoSuchFileException(folder.toString(), null, "there is no such folder");
        }
        if (!Files.isDirectory(folder)) {
            throw new FileSystemException(folder.toString(), null, "this is not a folder");
        }
        if (!Files.isReadable(folder)) {
            throw new AccessDeniedException(folder.toString(), null, "this folder may not be read");
        }
        return new DocumentFolder(folder.toRealPath());
    }

    /** What is in the folder now. */
    FolderScan scan() {
        return FolderScan.of(root, rootUri);
    }

    /** All documents, ordered by URI. */
    List<Document> documents() {
        return List.copyOf(scan().documents().values());
    }

    Optional<Document> find(DocumentName name) {
        return path(name).flatMap(path -> {
            try {
                return FolderScan.document(
                        name, Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
            } catch (IOException e) {
                LOG.debug("{} cannot be looked at", name, e);
                return Optional.empty();
            }
        });
    }

    /**
     * The whole text; empty if there is no such document, or it holds something else than text in UTF-8.
     *
     * @throws IOException if it cannot be read
     */
    Optional<String> text(DocumentName name) throws IOException {
        Optional<byte[]> bytes = read(name, MAX_BYTES + 1);
        return bytes.filter(all -> all.length <= MAX_BYTES).flatMap(all -> decode(all, true));
    }

    /** How the text begins: enough for a title. Empty as {@link #text} is, as far as the beginning tells. */
    Optional<String> head(DocumentName name) {
        try {
            return read(name, HEAD_BYTES).flatMap(bytes -> decode(bytes, bytes.length < HEAD_BYTES));
        } catch (IOException e) {
            LOG.debug("{} cannot be read", name, e);
            return Optional.empty();
        }
    }

    /** Creates a document in the folder itself; false if there is a file of this name already. */
    boolean create(DocumentName name, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (name.value().contains("/") || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("Cannot be created here: " + name);
        }
        try {
            Files.write(locate(name), bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    /** Deletes a document; false if there is none of this name. */
    boolean delete(DocumentName name) throws IOException {
        Optional<Path> path = path(name);
        return path.isPresent() && Files.deleteIfExists(path.get());
    }

    private Optional<byte[]> read(DocumentName name, int most) throws IOException {
        Optional<Path> path = path(name);
        if (path.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path.get(), LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(in.readNBytes(most));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Strict: a text with a few wrong bytes is more likely no text at all. */
    private static Optional<String> decode(byte[] bytes, boolean complete) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        // Where the beginning of a text ends in the middle of a character, that is no error.
        boolean isText = !decoder.decode(ByteBuffer.wrap(bytes), text, complete).isError();
        String decoded = text.flip().toString();
        return isText && decoded.indexOf('\0') < 0 ? Optional.of(withoutByteOrderMark(decoded)) : Optional.empty();
    }

    private static String withoutByteOrderMark(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    /** The file of a name, if it is a regular file, reached without any symbolic link. */
    private Optional<Path> path(DocumentName name) {
        try {
            Path path = locate(name);
            boolean direct = path.toRealPath().equals(path);
            return direct && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                    ? Optional.of(path)
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * By URI and not by {@code resolve}: hosts start servers without a locale, where the JDK cannot make a path from
     * text beyond ASCII, but the bytes in a URI stay what they are.
     */
    private Path locate(DocumentName name) {
        return Path.of(URI.create(rootUri + name.encoded()));
    }
}
