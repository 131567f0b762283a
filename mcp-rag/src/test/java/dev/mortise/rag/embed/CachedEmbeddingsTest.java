package dev.mortise.rag.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.resilience.Backoff;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.Redis;
import dev.mortise.mcp.store.redis.Script;
import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A model is asked once for a text, by however many, and whatever happens meanwhile. */
@Timeout(60)
class CachedEmbeddingsTest {
    private final AtomicLong nanos = new AtomicLong();
    private FakeEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        endpoint = new FakeEndpoint();
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
    }

    private OpenAiCompatibleEmbeddings model() {
        return OpenAiCompatibleEmbeddings.at(endpoint.uri(), "tiny", FakeEndpoint.DIMENSIONS)
                .key(() -> FakeEndpoint.KEY)
                .batch(FakeEndpoint.MAX_TEXTS, 10_000)
                .concurrency(64)
                .retry(1, Backoff.between(Duration.ofMillis(1), Duration.ofMillis(1)), Duration.ofSeconds(1))
                .build();
    }

    private CachedEmbeddings.Builder cached() {
        return CachedEmbeddings.of(model()).ticker(nanos::get);
    }

    @Test
    void askedTwiceItAsksOnce() {
        CachedEmbeddings model = cached().build();

        EmbeddingModel.Embedded first = model.embedCounting(List.of("a", "b", "a"), Use.PASSAGE);
        EmbeddingModel.Embedded second = model.embedCounting(List.of("b", "c", "a"), Use.PASSAGE);

        assertThat(first.computed()).isEqualTo(2);
        assertThat(first.vectors().get(0)).isSameAs(first.vectors().get(2));
        assertThat(second.computed()).isEqualTo(1);
        assertThat(second.vectors().get(2)).isEqualTo(first.vectors().get(0));
        assertThat(endpoint.requests).hasSize(2);
        assertThat(model.statistics()).isEqualTo(new CachedEmbeddings.Statistics(2, 0, 3));
    }

    @Test
    void aQuestionIsNotAPassage() {
        CachedEmbeddings model = cached().build();

        model.embed(List.of("a"), Use.PASSAGE);
        model.embed(List.of("a"), Use.QUERY);

        assertThat(endpoint.requests).hasSize(2);
    }

    @Test
    void oneCallForManyWaiters() throws Exception {
        endpoint.gate = new CountDownLatch(1);
        CachedEmbeddings model = cached().build();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> answers = IntStream.range(0, 200)
                    .mapToObj(each -> callers.submit(() -> model.embed(List.of("the same", "and this"), Use.QUERY)))
                    .toList();
            Eventually.holds("it is asked", () -> endpoint.running.get() == 1);
            endpoint.gate.countDown();
            for (Future<List<float[]>> answer : answers) {
                assertThat(answer.get()).hasSize(2);
            }
        }
        assertThat(endpoint.requests).hasSize(1);
    }

    @Test
    void whoAsksForOverlappingTextsDoesNotWaitInACircle() throws Exception {
        CachedEmbeddings model = cached().build();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> answers = IntStream.range(0, 100)
                    .mapToObj(each -> callers.submit(() -> model.embed(
                            IntStream.range(0, 6)
                                    .mapToObj(at -> "text " + (each * 7 + at * 3) % 20)
                                    .toList(),
                            Use.PASSAGE)))
                    .toList();
            for (Future<List<float[]>> answer : answers) {
                assertThat(answer.get()).hasSize(6);
            }
        }
        int asked = endpoint.requests.stream()
                .mapToInt(request -> request.path("input").size())
                .sum();
        assertThat(asked).isEqualTo(20);
    }

    @Test
    void aFailureIsRememberedForAMoment() {
        CachedEmbeddings model =
                cached().rememberFailures(Duration.ofSeconds(2)).build();
        endpoint.nextStatus(500);

        assertThatThrownBy(() -> model.embed(List.of("a"), Use.QUERY)).isInstanceOf(EmbeddingException.class);
        assertThatThrownBy(() -> model.embed(List.of("a"), Use.QUERY)).isInstanceOf(EmbeddingException.class);
        assertThat(endpoint.requests).hasSize(1);

        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(model.embed(List.of("a"), Use.QUERY)).hasSize(1);
    }

    @Test
    void whatIsRefusedOfABatchIsNotHeldAgainstEachText() {
        CachedEmbeddings model = cached().build();
        endpoint.nextStatus(400);

        assertThatThrownBy(() -> model.embed(List.of("good", "bad"), Use.PASSAGE))
                .isInstanceOf(EmbeddingException.class);

        assertThat(model.embed(List.of("good"), Use.PASSAGE)).hasSize(1);
    }

    @Test
    void whoIsInterruptedDoesNotFailTheOthers() throws Exception {
        endpoint.gate = new CountDownLatch(1);
        CachedEmbeddings model = cached().build();
        Thread first = Thread.ofVirtual().start(() -> {
            try {
                model.embed(List.of("a"), Use.QUERY);
            } catch (EmbeddingException e) {
                // It was stopped.
            }
        });
        Eventually.holds("it is asked", () -> endpoint.running.get() == 1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<float[]>> second = callers.submit(() -> model.embed(List.of("a"), Use.QUERY));
            first.interrupt();
            first.join();
            endpoint.gate.countDown();

            assertThat(second.get()).hasSize(1);
        }
    }

    @Test
    void processesShareVectorsThroughRedis() {
        String prefix = "test:" + UUID.randomUUID();
        List<String> texts =
                IntStream.range(0, 50).mapToObj(each -> "text " + each).toList();
        try (JedisRedis redis = JedisRedis.connect(SharedServers.redis().uri(), Duration.ofSeconds(5))) {
            List<float[]> first =
                    cached().redis(redis, prefix, Duration.ofMinutes(5)).build().embed(texts, Use.PASSAGE);
            int asked = endpoint.requests.size();
            CachedEmbeddings other =
                    cached().redis(redis, prefix, Duration.ofMinutes(5)).build();

            EmbeddingModel.Embedded second = other.embedCounting(texts, Use.PASSAGE);

            assertThat(second.computed()).isZero();
            assertThat(endpoint.requests).hasSize(asked);
            assertThat(other.statistics()).isEqualTo(new CachedEmbeddings.Statistics(0, 50, 0));
            for (int at = 0; at < 50; at++) {
                assertThat(second.vectors().get(at))
                        .containsExactly(first.get(at), org.assertj.core.data.Offset.offset(1e-6f));
            }
        }
    }

    @Test
    void anotherRevisionOfTheModelHasOtherKeys() {
        String prefix = "test:" + UUID.randomUUID();
        try (JedisRedis redis = JedisRedis.connect(SharedServers.redis().uri(), Duration.ofSeconds(5))) {
            cached().redis(redis, prefix, Duration.ofMinutes(5)).build().embed(List.of("a"), Use.PASSAGE);
            EmbeddingModel next = OpenAiCompatibleEmbeddings.at(endpoint.uri(), "tiny", FakeEndpoint.DIMENSIONS)
                    .key(() -> FakeEndpoint.KEY)
                    .revision("2")
                    .build();

            assertThat(CachedEmbeddings.of(next)
                            .redis(redis, prefix, Duration.ofMinutes(5))
                            .build()
                            .embedCounting(List.of("a"), Use.PASSAGE)
                            .computed())
                    .isEqualTo(1);
        }
    }

    @Test
    void whatIsNoVectorInRedisIsNotBelieved() {
        String prefix = "test:" + UUID.randomUUID();
        try (JedisRedis redis = JedisRedis.connect(SharedServers.redis().uri(), Duration.ofSeconds(5))) {
            cached().redis(redis, prefix, Duration.ofMinutes(5)).build().embed(List.of("a"), Use.PASSAGE);
            overwriteAll(redis, prefix);

            EmbeddingModel.Embedded anew = cached().redis(redis, prefix, Duration.ofMinutes(5))
                    .build()
                    .embedCounting(List.of("a"), Use.PASSAGE);

            assertThat(anew.computed()).isEqualTo(1);
            assertThat(anew.vectors().getFirst()).hasSize(FakeEndpoint.DIMENSIONS);
        }
    }

    private static void overwriteAll(Redis redis, String prefix) {
        Script script = Script.of("""
                for _, key in ipairs(redis.call('KEYS', ARGV[1])) do redis.call('SET', key, 'rubbish') end
                return {}""");
        redis.eval(script, List.of(), List.of((prefix + "*").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void redisIsNeverNeeded() {
        TestRedis mine = TestRedis.start();
        try (JedisRedis redis = JedisRedis.connect(mine.uri(), Duration.ofSeconds(2))) {
            CachedEmbeddings model =
                    cached().redis(redis, "test", Duration.ofMinutes(5)).build();
            mine.kill();

            assertThat(model.embed(List.of("a"), Use.QUERY)).hasSize(1);
            assertThat(model.embed(List.of("b"), Use.QUERY)).hasSize(1);
        } finally {
            mine.close();
        }
    }
}
