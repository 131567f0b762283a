package dev.mortise.examples.replicas;

import dev.mortise.mcp.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Clients of every kind, who call and listen without a pause, and write down everything that does not work. */
final class Traffic implements AutoCloseable {
    private static final Duration PROBE_EVERY = Duration.ofMillis(200);

    /** Enough for hundreds of requests a second, and for the machine to do something else. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final URI url;
    private final Client client;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> done = new ConcurrentHashMap<>();
    private final Set<String> replicas = ConcurrentHashMap.newKeySet();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean over;

    Traffic(URI url) {
        this.url = url;
        this.client = new Client(url);
    }

    /** One round of what somebody does over and over. */
    private interface Round {
        void run() throws Exception;
    }

    Traffic begin() throws Exception {
        // What a load balancer's own health checks would be.
        repeat("probe", () -> {
            HttpResponse<Void> ready = http.send(
                    HttpRequest.newBuilder(url.resolve("/health/ready")).build(),
                    HttpResponse.BodyHandlers.discarding());
            expect(ready.statusCode() == 200, "readiness through the proxy: " + ready.statusCode());
            Thread.sleep(PROBE_EVERY);
        });
        for (int i = 0; i < 8; i++) {
            repeat("call", () -> {
                written(client.write("a note"));
                Thread.sleep(PAUSE);
            });
        }
        for (int i = 0; i < 4; i++) {
            repeat(
                    "slow call",
                    () -> written(
                            client.call("write_slowly", "\"arguments\":{\"text\":\"a long note\",\"millis\":1500},")));
        }
        for (int i = 0; i < 4; i++) {
            LegacySession session = session();
            repeat("legacy call", () -> legacyWrite(session));
        }
        for (int i = 0; i < 4; i++) {
            repeat("stream", this::listen);
        }
        for (int i = 0; i < 2; i++) {
            LegacySession session = session();
            session.result("resources/subscribe", "{\"uri\":\"" + Notes.URI + "\"}");
            String[] last = {""};
            repeat("legacy stream", () -> last[0] = legacyListen(session, last[0]));
        }
        return this;
    }

    private LegacySession session() throws Exception {
        LegacySession session = LegacySession.begin(http, url);
        session.initialized();
        return session;
    }

    private void repeat(String what, Round round) {
        threads.add(Thread.startVirtualThread(() -> {
            while (!over) {
                try {
                    round.run();
                    done.computeIfAbsent(what, key -> new AtomicInteger()).incrementAndGet();
                } catch (Exception | AssertionError e) {
                    if (!over) {
                        failures.add(what + ": " + e);
                    }
                }
            }
        }));
    }

    private static void expect(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    private void written(Client.Answer answer) {
        expect(
                answer.status() == 200 && answer.text().equals("Written."),
                answer.status() + " " + answer.body() + " from " + answer.replica());
        replicas.add(answer.replica());
    }

    private void legacyWrite(LegacySession session) throws Exception {
        String text = session.result("tools/call", "{\"name\":\"write_note\",\"arguments\":{\"text\":\"x\"}}")
                .at("/content/0/text")
                .stringValue("");
        expect(text.equals("Written."), text);
        Thread.sleep(PAUSE);
    }

    /** Until the server ends it, which it does with a result; then it is opened again. */
    private void listen() throws Exception {
        HttpResponse<Stream<String>> listening = client.listen();
        expect(listening.statusCode() == 200, "listening: " + listening.statusCode());
        JsonNode last = null;
        try (Stream<String> lines = listening.body()) {
            Iterator<String> events =
                    lines.filter(line -> line.startsWith("data:")).iterator();
            while (!over && events.hasNext()) {
                last = Json.parse(events.next().substring(5));
            }
        }
        expect(over || (last != null && last.has("result")), "a stream ended without its result, after " + last);
    }

    /** Until it is ended; @return where to take it up. */
    private String legacyListen(LegacySession session, String from) throws Exception {
        try (LegacySession.Events events = session.listen(from)) {
            @Nullable JsonNode next = Json.object();
            while (!over && next != null) {
                next = events.nextOrEnd();
            }
            return events.lastId().isEmpty() ? from : events.lastId();
        }
    }

    Queue<String> failures() {
        return failures;
    }

    int done(String what) {
        return done.getOrDefault(what, new AtomicInteger()).get();
    }

    /** Who has answered since this was asked last. */
    Set<String> replicas() {
        Set<String> copy = Set.copyOf(replicas);
        replicas.clear();
        return copy;
    }

    @Override
    public String toString() {
        return done + ", failed: " + failures.size();
    }

    /** The listeners hear of one more change, and see then that it is over. */
    @Override
    public void close() throws Exception {
        over = true;
        client.write("the last note");
        client.close();
        http.shutdownNow();
        for (Thread thread : threads) {
            thread.join();
        }
    }
}
