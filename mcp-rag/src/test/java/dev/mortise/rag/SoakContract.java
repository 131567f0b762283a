package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.embed.LexicalEmbeddings;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.search.SearchHit;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingStream;
import org.junit.jupiter.api.Test;

/**
 * Eight who write and eight who read, each request on a virtual thread, as a server has it. A few rounds, unless the system property
 * {@code mortise.soak.seconds} has them go on for so long; then it is also looked at how much memory they hold, and whether
 * they pin the threads that carry them. The profile {@code soak} does that for two minutes.
 */
abstract class SoakContract {
    private static final int EACH = 8;
    private static final int ROUNDS = 3;
    private static final int DOCUMENTS = 20;
    private static final long MOST_GROWTH = 64L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PINNED = Duration.ofMillis(20);
    private static final int SECONDS = Integer.getInteger("mortise.soak.seconds", 0);
    private static final String[] WORDS = {
        "pump", "valve", "pressure", "grease", "report", "meadow", "配置", "日志", "timeToLive", "remote_write"
    };

    private final LexicalEmbeddings model = LexicalEmbeddings.standard();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writing = new AtomicInteger(EACH);
    private final AtomicInteger searches = new AtomicInteger();

    /** Until a third of the time is over: that is for caches and pools to fill. */
    private final CountDownLatch warm = new CountDownLatch(1);

    /** Empty, with these vectors. */
    abstract ChunkStore open(VectorSpace vectors) throws Exception;

    @Test
    void eightWriteAndEightRead() throws Exception {
        ConcurrentLinkedQueue<RecordedEvent> pinned = new ConcurrentLinkedQueue<>();
        try (KnowledgeBase base = KnowledgeBase.over(open(VectorSpace.of(model)))
                        .model(model)
                        .build();
                RecordingStream recording = new RecordingStream();
                ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            if (SECONDS > 0) {
                loadClasses(base);
                recording
                        .enable("jdk.VirtualThreadPinned")
                        .withThreshold(PINNED)
                        .withStackTrace();
                recording.onEvent("jdk.VirtualThreadPinned", pinned::add);
                recording.startAsync();
            }
            long begin = System.nanoTime();
            long third = begin + Duration.ofSeconds(SECONDS).toNanos() / 3;
            long end = begin + Duration.ofSeconds(SECONDS).toNanos();
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                int seed = i;
                all.add(threads.submit(() -> write(base, requests, seed, end)));
                all.add(threads.submit(() -> read(base, requests, seed, third, end + PATIENCE.toNanos())));
            }
            long early = 0;
            if (SECONDS > 0) {
                assertThat(warm.await(SECONDS + PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .as("readers go on")
                        .isTrue();
                early = heldBytes();
            }
            for (Future<?> one : all) {
                one.get();
            }
            assertThat(failures).isEmpty();
            assertThat(searches.get()).isPositive();
            assertThat(base.store().statistics(tenant(0)).documents()).isPositive();
            if (SECONDS > 0) {
                recording.stop();
                assertThat(heldBytes() - early)
                        .as("bytes held more than early on")
                        .isLessThan(MOST_GROWTH);
                assertThat(pinned).as("pinned for " + PINNED + " and longer").isEmpty();
            }
        }
    }

    /**
     * Whoever waits for a class to be loaded pins, once in the life of a process: that is not what is looked for. Those of
     * this test are such, too.
     */
    private static void loadClasses(KnowledgeBase base) throws InterruptedException {
        Tenant nobody = Tenant.of("nobody");
        DocumentKey key = new DocumentKey("soak", "first");
        byte[] text = "# Pump\n\nGrease it.".getBytes(StandardCharsets.UTF_8);
        assertThat(base.ingest(nobody, DocumentSource.of(key, text))).isNotInstanceOf(IngestOutcome.Failed.class);
        for (SearchHit hit : base.search(nobody, SearchQuery.of("pump grease")).hits()) {
            assertThat(hit.chunk().document().collection()).isEqualTo("soak");
        }
        base.store().documents(nobody, null, null, 10);
        base.store().chunks(nobody, key);
        base.delete(nobody, key);
    }

    private static Tenant tenant(int seed) {
        return Tenant.of("tenant-" + seed % 3);
    }

    private void write(KnowledgeBase base, ExecutorService requests, int seed, long end) {
        Random random = new Random(seed);
        try {
            for (int round = 0; round < ROUNDS || (SECONDS > 0 && System.nanoTime() < end); round++) {
                requests.submit(() -> writeOne(base, tenant(seed), random)).get();
            }
        } catch (Exception | AssertionError e) {
            failures.add(e);
        } finally {
            writing.decrementAndGet();
        }
    }

    private static IngestOutcome writeOne(KnowledgeBase base, Tenant tenant, Random random)
            throws InterruptedException {
        DocumentKey key = new DocumentKey("soak", "d" + random.nextInt(DOCUMENTS));
        if (random.nextInt(5) == 0) {
            base.delete(tenant, key);
        }
        StringBuilder text = new StringBuilder("# About it\n\n");
        for (int i = 0; i < 200; i++) {
            text.append(WORDS[random.nextInt(WORDS.length)]).append(i % 12 == 11 ? ".\n\n" : " ");
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        IngestOutcome outcome = base.ingest(tenant, DocumentSource.of(key, bytes));
        assertThat(outcome).isNotInstanceOf(IngestOutcome.Failed.class);
        return outcome;
    }

    private void read(KnowledgeBase base, ExecutorService requests, int seed, long third, long latest) {
        Random random = new Random(100 + seed);
        try {
            do {
                requests.submit(() -> readOne(base, tenant(seed), random)).get();
                if (System.nanoTime() - third >= 0) {
                    warm.countDown();
                }
            } while (writing.get() > 0 && failures.isEmpty() && System.nanoTime() < latest);
        } catch (Exception | AssertionError e) {
            failures.add(e);
        }
    }

    private void readOne(KnowledgeBase base, Tenant tenant, Random random) {
        String words = WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)];
        for (SearchHit hit : base.search(tenant, SearchQuery.of(words)).hits()) {
            assertThat(hit.chunk().document().collection()).isEqualTo("soak");
        }
        base.store().documents(tenant, null, null, 10);
        base.store().chunks(tenant, new DocumentKey("soak", "d" + random.nextInt(DOCUMENTS)));
        searches.incrementAndGet();
    }

    private static long heldBytes() {
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
