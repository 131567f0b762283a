package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database dies (kill −9) while documents are written. */
class CrashTest {
    private static final Tenant ACME = Tenant.of("acme");
    private static final int WRITERS = 3;
    private static final int ACKNOWLEDGED = 15;

    @Test
    @Timeout(120)
    void losesNothingThatWasAcknowledgedAndShowsNoHalfDocument() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                PostgresChunkStore store = PostgresChunkStore.over(server.dataSource())
                        .vectors(Samples.SPACE)
                        .migrate();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicIntegerArray acknowledged = new AtomicIntegerArray(WRITERS);
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < WRITERS; w++) {
                int writer = w;
                writers.add(threads.submit(() -> write(store, writer, acknowledged)));
            }
            Eventually.holds("enough was acknowledged", () -> {
                for (int w = 0; w < WRITERS; w++) {
                    if (acknowledged.get(w) < ACKNOWLEDGED) {
                        return false;
                    }
                }
                return true;
            });
            server.kill();
            for (Future<?> writer : writers) {
                writer.get();
            }
            server.startAgain();
            Eventually.holds("it answers again", () -> store.trouble().isEmpty());
            long chunks = 0;
            for (int w = 0; w < WRITERS; w++) {
                int version = (int) store.document(ACME, key(w)).orElseThrow().version();
                // One more may have been written, and the database killed before it could say so.
                assertThat(version).isBetween(acknowledged.get(w), acknowledged.get(w) + 1);
                List<Chunk> found = store.chunks(ACME, key(w));
                assertThat(found).hasSize(count(version));
                assertThat(found)
                        .allSatisfy(chunk -> assertThat(chunk.version()).isEqualTo(version));
                chunks += found.size();
            }
            assertThat(store.statistics(ACME).chunks()).isEqualTo(chunks);
            assertThat(store.matching(ACME, "common", Filter.ALL, 1000)).hasSize((int) chunks);
            assertThat(store.nearest(ACME, Samples.vector(1), Filter.ALL, 1000)).hasSize((int) chunks);
            store.replace(ACME, document(0, 1));
        }
    }

    private static void write(PostgresChunkStore store, int writer, AtomicIntegerArray acknowledged) {
        try {
            for (int version = 1; ; version++) {
                store.replace(ACME, document(writer, version));
                acknowledged.set(writer, version);
            }
        } catch (StoreUnavailable e) {
            // It is dead.
        }
    }

    private static DocumentKey key(int writer) {
        return Samples.key("w" + writer);
    }

    private static int count(int version) {
        return 1 + version % 7;
    }

    private static DocumentChunks document(int writer, int version) {
        String[] texts = new String[count(version)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "common words, chunk " + i + " of version " + version;
        }
        return Samples.document(key(writer), version, Map.of(), texts);
    }
}
