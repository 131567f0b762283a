package dev.mortise.rag.store.lucene;

import dev.mortise.rag.ingest.HostileIngestContract;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.VectorSpace;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class HostileIngestTest extends HostileIngestContract {
    @TempDir
    private Path folder;

    @Override
    protected ChunkStore open(VectorSpace space) {
        return LuceneChunkStore.in(folder, space);
    }
}
