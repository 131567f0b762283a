package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hosts that do not answer keep those waiting who asked for them. */
@Timeout(60)
class SlowWebTest {
    private static final Tenant SLOW = Tenant.of("slow");
    private static final Tenant OTHER = Tenant.of("other");

    @Test
    void holdUpNeitherOtherDocumentsNorOtherTenants() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        UrlFetcher fetcher = UrlFetcher.builder()
                .resolver(host -> {
                    asked.incrementAndGet();
                    try {
                        if (host.equals("slow.test")) {
                            answer.await();
                        }
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    // Which is refused.
                    return List.of(InetAddress.getLoopbackAddress());
                })
                .build();
        try (ChunkStore store = LuceneChunkStore.inMemory(null)) {
            Ingestor ingestor = Ingestor.over(store).fetcher(fetcher).build();
            DocumentKey key = new DocumentKey("web", "pump");
            List<FutureTask<IngestOutcome>> waiting = IntStream.range(0, 20)
                    .mapToObj(each ->
                            new FutureTask<>(() -> ingestor.ingestUrl(SLOW, key, URI.create("https://slow.test/"))))
                    .toList();
            waiting.forEach(each -> Thread.ofVirtual().start(each));
            Eventually.holds("they ask", () -> asked.get() == 4);

            assertThat(ingestor.ingestUrl(OTHER, key, URI.create("https://fast.test/")))
                    .isInstanceOf(IngestOutcome.Failed.class);
            assertThat(ingestor.ingest(SLOW, DocumentSource.of(key, "The pump.".getBytes(StandardCharsets.US_ASCII))))
                    .isInstanceOf(IngestOutcome.Stored.class);
            assertThat(asked).as("four of a tenant, and the other").hasValue(5);

            answer.countDown();
            for (FutureTask<IngestOutcome> each : waiting) {
                assertThat(each.get()).isInstanceOf(IngestOutcome.Failed.class);
            }
        }
    }
}
