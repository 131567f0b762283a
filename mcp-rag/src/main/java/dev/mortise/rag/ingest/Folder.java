package dev.mortise.rag.ingest;

import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.DocumentKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The files of a folder that are documents: all but hidden ones, and never what a link leads to, because who may put a
 * link there need not be who may read behind it.
 */
record Folder(String collection, Path root) {
    /**
     * A file and the name of its document.
     *
     * @param key by its path without the extension; with it, where another file has taken that name
     */
    record Entry(Path file, DocumentKey key) {}

    /**
     * What was found.
     *
     * @param entries in the order of their paths, so that which file has a name to itself does not depend on the file system
     * @param unread the paths of directories, and of what may be one, that could not be looked into
     */
    record Listing(List<Entry> entries, Set<String> unread) {
        /** Whether a document has a file here, or may have one where nobody could look. */
        Predicate<DocumentKey> mayHaveAFile() {
            Set<DocumentKey> found = entries.stream().map(Entry::key).collect(Collectors.toSet());
            return key -> found.contains(key) || isBelowUnread(key.document());
        }

        private boolean isBelowUnread(String path) {
            for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                if (unread.contains(path.substring(0, slash))) {
                    return true;
                }
            }
            return false;
        }
    }

    Listing list() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        Walk walk = new Walk();
        Files.walkFileTree(root, walk);
        return walk.listing();
    }

    /** Goes over the files, and remembers where it could not. */
    final class Walk extends SimpleFileVisitor<Path> {
        private final List<Path> files = new ArrayList<>();
        private final Set<Path> unread = new HashSet<>();

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            boolean hidden = !directory.equals(root) && Files.isHidden(directory);
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isRegularFile() && !Files.isHidden(file)) {
                files.add(file);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (file.equals(root)) {
                throw e;
            }
            // Reported when it is read. A directory, or what cannot even be told from one.
            files.add(file);
            unread.add(file);
            return FileVisitResult.CONTINUE;
        }

        Listing listing() {
            Collections.sort(files);
            Set<DocumentKey> taken = new HashSet<>();
            List<Entry> entries = new ArrayList<>(files.size());
            for (Path file : files) {
                String path = FileNames.below(root, file);
                DocumentKey key = new DocumentKey(collection, isDirectory(file) ? path : withoutExtension(path));
                if (!taken.add(key)) {
                    key = new DocumentKey(collection, path);
                    taken.add(key);
                }
                entries.add(new Entry(file, key));
            }
            return new Listing(
                    entries,
                    unread.stream().map(path -> FileNames.below(root, path)).collect(Collectors.toSet()));
        }

        private boolean isDirectory(Path file) {
            return unread.contains(file) && Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Reads a file, but not beyond what the reader takes. */
    DocumentSource read(Entry entry, int maxBytes) throws DocumentRejected {
        try (InputStream in = Files.newInputStream(entry.file(), LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw DocumentReader.tooLarge(Files.size(entry.file()), maxBytes);
            }
            return DocumentSource.of(entry.key(), bytes).withFileName(FileNames.below(root, entry.file()));
        } catch (IOException e) {
            throw new DocumentRejected(Reason.UNREACHABLE, "The file cannot be read", e);
        }
    }

    /** How many bytes it will take to read it, as far as can be told. */
    static long size(Entry entry, int maxBytes) {
        try {
            return Math.min(maxBytes, Files.size(entry.file()));
        } catch (IOException e) {
            return 0;
        }
    }

    private static String withoutExtension(String path) {
        int dot = path.lastIndexOf('.');
        // A leading dot begins a name, not an extension.
        return dot > path.lastIndexOf('/') + 1 ? path.substring(0, dot) : path;
    }
}
