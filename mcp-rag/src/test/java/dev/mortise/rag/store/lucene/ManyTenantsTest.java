package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ManyTenantsContract;
import dev.mortise.rag.store.Samples;

class ManyTenantsTest extends ManyTenantsContract {
    @Override
    protected ChunkStore open() {
        return LuceneChunkStore.inMemory(Samples.SPACE);
    }
}
