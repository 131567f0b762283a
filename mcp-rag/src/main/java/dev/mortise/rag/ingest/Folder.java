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

    /** In the order of their paths, so that which file has a name to itself does not depend on the file system. */
    List<Entry> entries() throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root.toString());
        }
        List<Path> files = files();
        Set<DocumentKey> taken = new HashSet<>();
        List<Entry> entries = new ArrayList<>(files.size());
        for (Path file : files) {
            String path = FileNames.below(root, file);
            DocumentKey key = new DocumentKey(collection, withoutExtension(path));
            if (!taken.add(key)) {
                key = new DocumentKey(collection, path);
                taken.add(key);
            }
            entries.add(new Entry(file, key));
        }
        return entries;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
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
                // Reported when it is read.
                files.add(file);
                return FileVisitResult.CONTINUE;
            }
        });
        Collections.sort(files);
        return files;
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
