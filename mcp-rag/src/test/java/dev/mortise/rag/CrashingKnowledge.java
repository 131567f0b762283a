package dev.mortise.rag;

import dev.mortise.rag.chunk.Chunker;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.embed.LexicalEmbeddings;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A process that takes documents in while its index is merged, graph of vectors included, until it is killed. */
final class CrashingKnowledge {
    static final Tenant TENANT = Tenant.of("acme");
    static final int DOCUMENTS = 4;

    /** Another tenant's, and so many that merging them takes a while. */
    static final Tenant LARGE = Tenant.of("large");

    static final int LARGE_DOCUMENTS = 50;
    private static final int LARGE_CHUNKS = 100;
    private static final LexicalEmbeddings MODEL = LexicalEmbeddings.of(64);

    private CrashingKnowledge() {}

    static ChunkStore store(Path folder) {
        return LuceneChunkStore.in(folder, VectorSpace.of(MODEL));
    }

    static ChunkStore inMemory() {
        return LuceneChunkStore.inMemory(VectorSpace.of(MODEL));
    }

    static KnowledgeBase over(ChunkStore store) {
        return KnowledgeBase.over(store)
                .model(MODEL)
                .chunker(Chunker.of(80, 10))
                .build();
    }

    static DocumentKey key(int document) {
        return new DocumentKey("manual", "d" + document);
    }

    /** As many sections as the version wants, each of which says which version it is of. */
    static DocumentSource source(int document, long version) {
        StringBuilder text = new StringBuilder("# Pump " + document + "\n\n");
        for (int section = 0; section <= version % 5; section++) {
            text.append("## Part ").append(section).append("\n\n");
            text.append(("This part is of version " + version + ". ").repeat(12))
                    .append("\n\n");
        }
        return DocumentSource.of(key(document), text.toString().getBytes(StandardCharsets.UTF_8))
                .withMediaType("text/markdown");
    }

    private static DocumentChunks large(int document, long version) {
        Random random = new Random(document + 1000 * version);
        DocumentRecord record = DocumentRecord.of(new DocumentKey("large", "d" + document))
                .version(version)
                .build();
        List<EmbeddedChunk> chunks = new ArrayList<>();
        for (int i = 0; i < LARGE_CHUNKS; i++) {
            Chunk chunk = Chunk.of(record).ordinal(i).text("filling " + i).build();
            chunks.add(new EmbeddedChunk(chunk, Samples.vector(random, MODEL.dimensions())));
        }
        return new DocumentChunks(record, "", chunks);
    }

    private static void merge(LuceneChunkStore store, CountDownLatch enough) {
        try {
            enough.await();
        } catch (InterruptedException e) {
            return;
        }
        for (long version = 2; ; version++) {
            store.replace(LARGE, large((int) (version % LARGE_DOCUMENTS), version));
            System.out.print("merging\n");
            store.compact();
            System.out.print("merged\n");
        }
    }

    /** The folder, and how many documents are stored before merging begins: changes wait for it. */
    public static void main(String[] args) throws InterruptedException {
        CountDownLatch enough = new CountDownLatch(Integer.parseInt(args[1]));
        LuceneChunkStore store = LuceneChunkStore.in(Path.of(args[0]), VectorSpace.of(MODEL));
        if (store.statistics(LARGE).documents() == 0) {
            List<DocumentChunks> all = new ArrayList<>();
            for (int document = 0; document < LARGE_DOCUMENTS; document++) {
                all.add(large(document, 1));
            }
            store.replace(LARGE, all);
        }
        Thread.ofPlatform().daemon().start(() -> merge(store, enough));
        KnowledgeBase base = over(store);
        while (true) {
            for (int document = 0; document < DOCUMENTS; document++) {
                long version = store.document(TENANT, key(document))
                                .map(DocumentRecord::version)
                                .orElse(0L)
                        + 1;
                IngestOutcome outcome = base.ingest(TENANT, source(document, version));
                if (!(outcome instanceof IngestOutcome.Stored)) {
                    throw new IllegalStateException(outcome.toString());
                }
                System.out.print("stored " + document + " " + version + "\n");
                enough.countDown();
            }
        }
    }
}
