package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Documents of several threads in one batch, some of which are not to be written after all. */
@Timeout(60)
class StoreWriterTest {
    private static final Tenant TENANT = Tenant.of("acme");

    private final ChunkStore store = LuceneChunkStore.inMemory(Samples.SPACE);
    private final GatedStore gated = new GatedStore(store);
    private final StoreWriter writer = new StoreWriter(gated.store());

    @AfterEach
    void close() {
        store.close();
    }

    /** A thread that writes a document. */
    private final class Caller {
        private final AtomicBoolean interrupted = new AtomicBoolean();
        private final FutureTask<String> outcome;
        private final Thread thread;

        Caller(DocumentChunks document) {
            outcome = new FutureTask<>(() -> {
                try {
                    writer.write(TENANT, document);
                    return "stored";
                } catch (RuntimeException e) {
                    return e.getClass().getSimpleName();
                } finally {
                    interrupted.set(Thread.interrupted());
                }
            });
            thread = Thread.ofVirtual().start(outcome);
        }

        /** Until it waits behind the one who writes. */
        Caller queued() {
            Eventually.holds("it waits", () -> thread.getState() == Thread.State.WAITING);
            return this;
        }
    }

    /** The first is being written; the two others are the next batch, which the first of them leads. */
    private List<Caller> three(DocumentChunks leader, DocumentChunks other) throws InterruptedException {
        Caller first = new Caller(Samples.document(Samples.key("first"), "The first."));
        gated.arrived.acquire();
        Caller second = new Caller(leader).queued();
        Caller third = new Caller(other).queued();
        gated.letThrough(1);
        gated.arrived.acquire();
        return List.of(first, second, third);
    }

    @Test
    void whoIsStoppedWhileItWritesForOthersStopsNoneOfThem() throws Exception {
        List<Caller> callers = three(
                Samples.document(Samples.key("second"), "The second."),
                Samples.document(Samples.key("third"), "The third."));

        callers.get(1).thread.interrupt();
        gated.letThrough(1);

        assertThat(callers.get(2).outcome.get()).isEqualTo("stored");
        assertThat(callers.get(1).outcome.get()).isEqualTo("stored");
        assertThat(callers.get(1).interrupted).as("the interrupt is kept").isTrue();
        assertThat(store.documents(TENANT, null, null, 10)).hasSize(3);
    }

    @Test
    void aDocumentThatNoIndexHoldsFailsAlone() throws Exception {
        DocumentChunks immense =
                Samples.document(Samples.key("immense"), 1, Map.of("source", "x".repeat(40_000)), "It is immense.");
        List<Caller> callers = three(immense, Samples.document(Samples.key("third"), "The third."));

        gated.letThrough(3);

        assertThat(callers.get(2).outcome.get()).isEqualTo("stored");
        assertThat(callers.get(1).outcome.get()).isEqualTo("IllegalArgumentException");
        assertThat(store.documents(TENANT, null, null, 10)).hasSize(2);
    }

    @Test
    void whoWasStoppedBeforeWritesNothing() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> writer.write(TENANT, Samples.document(Samples.key("a"), "The pump.")))
                    .isInstanceOf(CancellationException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(gated.arrived.availablePermits()).isZero();
    }

    @Test
    void whatIsStoredOrDeletedIsToldAlsoWhereTheCallerIsStoppedMeanwhile() throws Exception {
        List<String> told = new CopyOnWriteArrayList<>();
        IngestListener listener = new IngestListener() {
            @Override
            public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
                told.add(storedBytes.delta() + (Thread.currentThread().isInterrupted() ? " interrupted" : ""));
            }

            @Override
            public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
                told.add(storedBytes.delta() + (Thread.currentThread().isInterrupted() ? " interrupted" : ""));
            }
        };
        try (ChunkStore words = LuceneChunkStore.inMemory(null)) {
            GatedStore slow = new GatedStore(words);
            Ingestor ingestor = Ingestor.over(slow.store()).listener(listener).build();
            DocumentKey key = new DocumentKey("docs", "pump");

            stoppedMeanwhile(
                    slow,
                    () -> ingestor.ingest(
                            TENANT,
                            dev.mortise.rag.document.DocumentSource.of(
                                    key, "The pump.".getBytes(StandardCharsets.US_ASCII))));
            assertThat(words.document(TENANT, key)).isPresent();
            stoppedMeanwhile(slow, () -> ingestor.delete(TENANT, key));
            assertThat(words.document(TENANT, key)).isEmpty();
        }
        assertThat(told).containsExactly("9", "-9");
    }

    private static <T> void stoppedMeanwhile(GatedStore slow, java.util.concurrent.Callable<T> change)
            throws Exception {
        FutureTask<T> task = new FutureTask<>(change);
        Thread caller = Thread.ofVirtual().start(task);
        slow.arrived.acquire();
        caller.interrupt();
        slow.letThrough(1);
        task.get();
    }
}
