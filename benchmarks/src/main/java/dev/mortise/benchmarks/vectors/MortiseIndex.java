package dev.mortise.benchmarks.vectors;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Our store, through its public methods: with the tenant in every query, and whole chunks as the answer. */
final class MortiseIndex implements VectorIndex {
    static final int PER_DOCUMENT = 10;
    static final int PER_BATCH = 1_000;
    private static final Tenant TENANT = Tenant.of("bench");
    private static final String TEXT = "A passage of the manual about the pressure of the pump. ".repeat(10);

    private final LuceneChunkStore store;
    private int beam;

    MortiseIndex(LuceneChunkStore store) {
        this.store = store;
    }

    static LuceneChunkStore open(VectorData data, Path folder) {
        return LuceneChunkStore.in(folder, new VectorSpace(data.name(), data.dimensions()));
    }

    /** Stores the vectors from one number to another, a batch at a time, each of which is durable. */
    static void fill(LuceneChunkStore store, VectorData data, int from, int to) {
        for (int batch = from; batch < to; batch += PER_BATCH) {
            List<DocumentChunks> documents = new ArrayList<>();
            for (int first = batch; first < Math.min(to, batch + PER_BATCH); first += PER_DOCUMENT) {
                documents.add(document(data, first, Math.min(to, first + PER_DOCUMENT)));
            }
            store.replace(TENANT, documents);
        }
    }

    private static DocumentChunks document(VectorData data, int from, int to) {
        DocumentRecord record =
                DocumentRecord.of(new DocumentKey("c", String.valueOf(from))).build();
        List<EmbeddedChunk> chunks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Map<String, String> metadata = new HashMap<>();
            for (Share share : data.shares(i)) {
                if (share != Share.ALL) {
                    metadata.put(share.field(), "yes");
                }
            }
            Chunk chunk = Chunk.of(record)
                    .ordinal(i - from)
                    .text(TEXT)
                    .metadata(metadata)
                    .build();
            chunks.add(new EmbeddedChunk(chunk, data.vector(i)));
        }
        return new DocumentChunks(record, "", chunks);
    }

    @Override
    public int[] search(float[] query, int newBeam, Share share) {
        if (newBeam != beam) {
            store.beam(newBeam);
            beam = newBeam;
        }
        Filter filter = share == Share.ALL ? Filter.ALL : Filter.where(share.field(), "yes");
        List<ScoredChunk> hits = store.nearest(TENANT, query, filter, Truth.NEAREST);
        int[] found = new int[hits.size()];
        for (int i = 0; i < found.length; i++) {
            Chunk chunk = hits.get(i).chunk();
            found[i] = Integer.parseInt(chunk.document().document()) + chunk.ordinal();
        }
        return found;
    }

    @Override
    public long bytes() {
        return store.sizeOnDisk();
    }

    @Override
    public void close() {
        store.close();
    }
}
