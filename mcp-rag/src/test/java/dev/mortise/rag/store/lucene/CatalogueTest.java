package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.StoreStatistics;
import dev.mortise.rag.store.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Counts that go on from segment to segment, against what is really there. */
@Timeout(120)
class CatalogueTest {
    private static final List<Tenant> TENANTS = List.of(Tenant.of("acme"), Tenant.of("globex"), Tenant.NONE);
    private static final int WRITERS = 6;
    private static final int CHUNKS = 3;
    private static final int ROUNDS = 60;

    @TempDir
    private Path folder;

    @Test
    void countsWhatIsThereWhileManyWrite() throws Exception {
        LuceneChunkStore store = LuceneChunkStore.in(folder, Samples.SPACE);
        AtomicInteger writing = new AtomicInteger(WRITERS);
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> all = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                all.add(threads.submit(() -> {
                    try {
                        write(store, TENANTS.get(writer % TENANTS.size()), writer);
                    } finally {
                        writing.decrementAndGet();
                    }
                }));
            }
            for (Tenant tenant : TENANTS) {
                all.add(threads.submit(() -> {
                    while (writing.get() > 0) {
                        // All of one state: each of its documents has as many chunks, and as many bytes.
                        StoreStatistics seen = store.statistics(tenant);
                        assertThat(seen.chunks()).isEqualTo(CHUNKS * seen.documents());
                        assertThat(seen.bytes()).isEqualTo(100 * seen.documents());
                        assertThat(store.collections(tenant).values())
                                .allSatisfy(count -> assertThat(count).isPositive());
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertCounted(store);
        store.compact();
        assertCounted(store);
        store.close();
        try (LuceneChunkStore reopened = LuceneChunkStore.in(folder, Samples.SPACE)) {
            assertCounted(reopened);
            for (Tenant tenant : TENANTS) {
                for (DocumentRecord document : reopened.documents(tenant, null, null, 1000)) {
                    reopened.delete(tenant, document.key());
                }
                assertThat(reopened.statistics(tenant)).isEqualTo(new StoreStatistics(0, 0, 0));
                assertThat(reopened.collections(tenant)).isEmpty();
            }
        }
    }

    /** Two writers of a tenant change the same documents. */
    private static void write(LuceneChunkStore store, Tenant tenant, int writer) {
        Random random = new Random(writer);
        for (int round = 0; round < ROUNDS; round++) {
            DocumentKey key = new DocumentKey("c" + random.nextInt(3), "d" + random.nextInt(15));
            if (random.nextInt(3) == 0) {
                store.delete(tenant, key);
            } else {
                store.replace(tenant, List.of(document(key, round + 1), document(other(key), round + 1)));
            }
        }
    }

    private static DocumentKey other(DocumentKey key) {
        return new DocumentKey("other", key.document());
    }

    private static DocumentChunks document(DocumentKey key, int version) {
        DocumentChunks document = Samples.document(key, version, Map.of(), "one", "two", "three");
        DocumentRecord record =
                DocumentRecord.of(key).version(version).bytes(100).build();
        return new DocumentChunks(record, document.text(), document.chunks());
    }

    private static void assertCounted(LuceneChunkStore store) {
        for (Tenant tenant : TENANTS) {
            List<DocumentRecord> documents = store.documents(tenant, null, null, 1000);
            Map<String, Long> collections = new TreeMap<>();
            long chunks = 0;
            for (DocumentRecord document : documents) {
                collections.merge(document.key().collection(), 1L, Long::sum);
                chunks += store.chunks(tenant, document.key()).size();
            }
            assertThat(store.statistics(tenant))
                    .isEqualTo(new StoreStatistics(documents.size(), chunks, 100L * documents.size()));
            assertThat(store.collections(tenant)).isEqualTo(collections);
        }
    }
}
