package dev.mortise.rag;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LuceneSoakTest extends SoakContract {
    @TempDir
    Path folder;

    @Override
    ChunkStore open(VectorSpace vectors) {
        return LuceneChunkStore.in(folder, vectors);
    }
}
