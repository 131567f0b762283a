package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTest {
    @TempDir
    private Path root;

    private static DocumentKey key(String document) {
        return new DocumentKey("docs", document);
    }

    /** As the walk of the file system tells it, also to who may read everything. */
    @Test
    void whatIsBelowADirectoryThatCannotBeReadMayHaveAFile() throws Exception {
        Path closed = Files.createDirectories(root.resolve("guide/v1.2"));
        Path file = Files.writeString(root.resolve("guide/v1.txt"), "text");
        Folder.Walk walk = new Folder("docs", root).new Walk();
        walk.visitFile(file, Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class));
        walk.visitFileFailed(closed, new AccessDeniedException(closed.toString()));
        Folder.Listing listing = walk.listing();

        assertThat(listing.mayHaveAFile())
                .accepts(key("guide/v1"), key("guide/v1.2"), key("guide/v1.2/pump"), key("guide/v1.2/a/b"))
                .rejects(key("guide/v1.20/pump"), key("guide/pump"), key("guide"), key("v1.2/pump"));
        assertThat(listing.entries())
                .as("the directory is reported, and takes no file's name")
                .extracting(Folder.Entry::key)
                .containsExactly(key("guide/v1.2"), key("guide/v1"));
    }

    @Test
    void aMirrorKeepsWhatIsBelowADirectoryThatCannotBeRead() throws Exception {
        Path closed = Files.createDirectories(root.resolve("guide"));
        Files.writeString(closed.resolve("pump.md"), "The pump.");
        Files.writeString(root.resolve("gone.md"), "The valve.");
        try (ChunkStore store = LuceneChunkStore.inMemory(null)) {
            Ingestor ingestor = Ingestor.over(store).build();
            ingestor.mirrorFolder(Tenant.NONE, "docs", root, IngestProgress.NONE);
            Files.delete(root.resolve("gone.md"));
            Folder folder = new Folder("docs", root);
            Folder.Walk walk = folder.new Walk();
            walk.visitFileFailed(closed, new AccessDeniedException(closed.toString()));

            IngestReport report = ingestor.ingest(Tenant.NONE, folder, walk.listing(), IngestProgress.NONE, true);

            assertThat(report.failed()).isEqualTo(1);
            assertThat(report.removed()).isEqualTo(1);
            assertThat(store.document(Tenant.NONE, key("guide/pump"))).isPresent();
        }
    }
}
