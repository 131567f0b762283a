package dev.mortise.examples.documents;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was in a folder at one time.
 *
 * @param documents by URI
 * @param folders the folder itself and all below it that are not hidden
 * @param complete false if there are too many documents, and some are left out
 */
record FolderScan(NavigableMap<String, Document> documents, List<Path> folders, boolean complete) {
    static final int MAX_DOCUMENTS = 10_000;
    private static final Logger LOG = LoggerFactory.getLogger(FolderScan.class);

    static FolderScan of(Path root, URI rootUri) {
        Visitor visitor = new Visitor(root, rootUri.toString());
        try {
            Files.walkFileTree(root, visitor);
        } catch (IOException e) {
            LOG.warn("{} cannot be read", root, e);
        }
        return new FolderScan(visitor.documents, visitor.folders, visitor.complete);
    }

    /** A file as a document, if it can be one. */
    static Optional<Document> document(DocumentName name, BasicFileAttributes attributes) {
        return attributes.isRegularFile() && attributes.size() <= DocumentFolder.MAX_BYTES
                ? Optional.of(new Document(
                        name, attributes.size(), attributes.lastModifiedTime().toInstant(), attributes.fileKey()))
                : Optional.empty();
    }

    private static final class Visitor extends SimpleFileVisitor<Path> {
        private final NavigableMap<String, Document> documents = new TreeMap<>();
        private final List<Path> folders = new ArrayList<>();
        private final Path root;
        private final String rootUri;
        private boolean complete = true;

        Visitor(Path root, String rootUri) {
            this.root = root;
            this.rootUri = rootUri;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            if (!folder.equals(root) && folder.getFileName().toString().startsWith(".")) {
                return FileVisitResult.SKIP_SUBTREE;
            }
            folders.add(folder);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isRegularFile()) {
                return FileVisitResult.CONTINUE;
            }
            String path = file.toUri().toASCIIString().substring(rootUri.length());
            Optional<Document> document = DocumentName.ofEncoded(path).flatMap(name -> document(name, attributes));
            if (document.isEmpty()) {
                return FileVisitResult.CONTINUE;
            }
            if (documents.size() == MAX_DOCUMENTS) {
                complete = false;
                return FileVisitResult.TERMINATE;
            }
            documents.put(document.get().name().uri(), document.get());
            return FileVisitResult.CONTINUE;
        }

        /** What cannot be looked at, or has just gone, is not there. */
        @Override
        public FileVisitResult visitFileFailed(Path file, IOException e) {
            LOG.debug("{} cannot be looked at", file, e);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) {
            return FileVisitResult.CONTINUE;
        }
    }
}
