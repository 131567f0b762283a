package dev.mortise.rag.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.resilience.Backoff;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.rag.embed.EmbeddingException.Kind;
import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against an endpoint that is strict, busy, slow, or lies. */
@Timeout(30)
class OpenAiCompatibleEmbeddingsTest {
    private final List<Duration> pauses = new CopyOnWriteArrayList<>();
    private FakeEndpoint endpoint;

    @BeforeEach
    void start() throws Exception {
        endpoint = new FakeEndpoint();
    }

    @AfterEach
    void stop() throws Exception {
        endpoint.close();
    }

    private OpenAiCompatibleEmbeddings.Builder builder() {
        return OpenAiCompatibleEmbeddings.at(endpoint.uri(), "tiny", FakeEndpoint.DIMENSIONS)
                .key(() -> FakeEndpoint.KEY)
                .batch(FakeEndpoint.MAX_TEXTS, 10_000)
                .timeout(Duration.ofSeconds(10))
                .pause(pauses::add);
    }

    @Test
    void vectorsComeInTheOrderOfTheTextsWithLengthOne() {
        List<String> texts =
                IntStream.range(0, 30).mapToObj(each -> "text " + each).toList();

        List<float[]> vectors = builder().build().embed(texts, Use.PASSAGE);

        assertThat(vectors).hasSize(30);
        for (int at = 0; at < 30; at++) {
            double angle = texts.get(at).hashCode() % 1000 / 200.0;
            assertThat(vectors.get(at)[0])
                    .isCloseTo((float) Math.cos(angle), org.assertj.core.data.Offset.offset(1e-5f));
            assertThat(vectors.get(at)[1])
                    .isCloseTo((float) Math.sin(angle), org.assertj.core.data.Offset.offset(1e-5f));
        }
        assertThat(endpoint.requests).hasSize(4).allSatisfy(request -> {
            assertThat(request.path("input").size()).isLessThanOrEqualTo(FakeEndpoint.MAX_TEXTS);
            assertThat(request.has("dimensions")).isFalse();
        });
    }

    @Test
    void aBatchIsBoundedByItsCharactersToo() {
        builder()
                .batch(8, 25)
                .build()
                .embed(List.of("0123456789", "0123456789", "0123456789", "x".repeat(100)), Use.PASSAGE);

        assertThat(endpoint.requests)
                .extracting(request -> request.path("input").size())
                .containsExactlyInAnyOrder(2, 1, 1);
    }

    @Test
    void prefixesAndDimensionsAreSent() {
        EmbeddingModel model =
                builder().prefixes("passage: ", "query: ").shortened().build();

        model.embed(List.of("a"), Use.PASSAGE);
        model.embed(List.of("a"), Use.QUERY);

        assertThat(endpoint.requests)
                .extracting(request -> request.path("input").get(0).asString())
                .containsExactly("passage: a", "query: a");
        assertThat(endpoint.requests.getFirst().path("dimensions").asInt()).isEqualTo(4);
        assertThat(model.id()).isNotEqualTo(builder().build().id());
    }

    @Test
    void tooManyRequestsAreTriedAgainWhenTheEndpointSaysSo() {
        endpoint.nextStatus(429, "Retry-After: 7\r\n");
        endpoint.nextStatus(503, "Retry-After: Sun, 22 Nov 2026 12:00:11 GMT\r\n");
        endpoint.nextStatus(500);

        List<float[]> vectors = builder()
                .clock(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC))
                .retry(4, new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10), 2, 0), Duration.ofMinutes(1))
                .build()
                .embed(List.of("a"), Use.QUERY);

        assertThat(vectors).hasSize(1);
        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(11), Duration.ofSeconds(4));
    }

    @Test
    void aPauseThatIsTooLongIsNotWaitedFor() {
        endpoint.nextStatus(429, "Retry-After: 86400\r\n");

        assertFails(Kind.UNAVAILABLE, builder().build(), "The embedding endpoint answered 429, after 1 attempt");
        assertThat(pauses).isEmpty();
    }

    @Test
    void itGivesUpAfterItsAttempts() {
        IntStream.range(0, 4).forEach(each -> endpoint.nextStatus(502));

        assertFails(Kind.UNAVAILABLE, builder().build(), "The embedding endpoint answered 502, after 4 attempts");
        assertThat(pauses).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 413, 422, 301})
    void aRefusalIsNotTriedAgain(int status) {
        endpoint.nextStatus(status, "Location: http://127.0.0.1:1/\r\n");

        assertFails(Kind.REFUSED, builder().build(), "The embedding endpoint answered " + status);
        assertThat(endpoint.requests).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3]}]}", // too short
                "{\"data\":[{\"index\":0,\"embedding\":[1,2,3,4,5]}]}", // too long
                "{\"data\":[{\"index\":0,\"embedding\":[0,0,0,0]}]}", // without a direction
                "{\"data\":[{\"index\":0,\"embedding\":[1e39,0,0,0]}]}", // not finite
                "{\"data\":[{\"index\":0,\"embedding\":[\"1\",0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":\"AAAA\"}]}",
                "{\"data\":[{\"index\":1,\"embedding\":[1,0,0,0]}]}", // of no text
                "{\"data\":[{\"index\":-1,\"embedding\":[1,0,0,0]}]}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,0,0,0]},{\"index\":0,\"embedding\":[0,1,0,0]}]}",
                "{\"data\":[]}",
                "{\"error\":{\"message\":\"no\"}}",
                "{\"data\":[{\"index\":0,\"embedding\":[1,0,0,0]}]", // cut off
                "[]",
                "",
                "<html>",
            })
    void aWrongAnswerIsRefused(String body) {
        endpoint.nextBody(body);

        assertFails(Kind.REFUSED, builder().build(), "The answer of the embedding endpoint");
    }

    @Test
    void anAnswerWithoutEndIsCutOff() {
        endpoint.nextBody("{\"junk\":\"" + "x".repeat(1_000_000) + "\"}");

        assertFails(Kind.REFUSED, builder().build(), "The embedding endpoint answered more than");
    }

    @Test
    void anAnswerThatBreaksOffIsTriedAgain() {
        endpoint.next("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"data\":[{\"in");

        assertThat(builder().build().embed(List.of("a"), Use.QUERY)).hasSize(1);
        assertThat(endpoint.requests).hasSize(2);
    }

    @Test
    void aSlowAnswerIsNotWaitedForForEver() {
        endpoint.gate = new CountDownLatch(1);
        Backoff backoff = Backoff.between(Duration.ofMillis(1), Duration.ofMillis(1));

        assertFails(
                Kind.UNAVAILABLE,
                builder()
                        .timeout(Duration.ofMillis(50))
                        .retry(2, backoff, Duration.ofSeconds(1))
                        .build(),
                "did not answer within");
        assertThat(pauses).hasSize(1);
    }

    @Test
    void nobodyListens() throws Exception {
        endpoint.close();

        assertFails(Kind.UNAVAILABLE, builder().build(), "not to be reached");
    }

    @Test
    void onlySoManyRequestsRunAtOnceOverAllCallers() throws Exception {
        endpoint.gate = new CountDownLatch(1);
        EmbeddingModel model = builder().concurrency(3).build();
        List<String> texts =
                IntStream.range(0, 40).mapToObj(each -> "text " + each).toList();

        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> answers = IntStream.range(0, 5)
                    .mapToObj(each -> callers.submit(() -> model.embed(texts, Use.PASSAGE)))
                    .toList();
            Eventually.holds("three run", () -> endpoint.running.get() == 3);
            endpoint.gate.countDown();
            for (Future<List<float[]>> answer : answers) {
                assertThat(answer.get()).hasSize(40);
            }
        }
        assertThat(endpoint.mostRunning).hasValueLessThanOrEqualTo(3);
        assertThat(endpoint.requests).hasSize(25);
    }

    @Test
    void anInterruptStopsIt() throws Exception {
        endpoint.gate = new CountDownLatch(1);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                builder()
                        .build()
                        .embed(
                                IntStream.range(0, 40)
                                        .mapToObj(Integer::toString)
                                        .toList(),
                                Use.PASSAGE);
            } catch (EmbeddingException e) {
                interrupted.add(Thread.currentThread().isInterrupted());
            }
        });
        Eventually.holds("it waits", () -> endpoint.running.get() > 0);

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        assertThat(interrupted).containsExactly(true);
    }

    @Test
    void aKeyDoesNotTravelInTheClear() {
        OpenAiCompatibleEmbeddings.Builder remote = OpenAiCompatibleEmbeddings.at(
                        URI.create("http://models.example/v1"), "m", 4)
                .key(() -> "secret");

        assertThatThrownBy(remote::build).isInstanceOf(IllegalArgumentException.class);
        assertThat(remote.allowPlainHttp().build().toString()).doesNotContain("secret");
    }

    private static void assertFails(Kind kind, EmbeddingModel model, String message) {
        assertThatThrownBy(() -> model.embed(List.of("a secret text"), Use.QUERY))
                .isInstanceOfSatisfying(EmbeddingException.class, e -> {
                    assertThat(e.kind()).isEqualTo(kind);
                    assertThat(e).hasMessageContaining(message);
                    assertThat(e.getMessage()).doesNotContain("a secret text").doesNotContain(FakeEndpoint.KEY);
                });
    }
}
