package dev.mortise.examples.production;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An endpoint that speaks as OpenAI's does, over real HTTP. Its model knows three things, each by several words of which
 * none is like another; it takes its own key and its own name only.
 */
final class StandInForModel implements AutoCloseable {
    static final String KEY = "sk-model-5e1f";
    static final String MODEL = "three-things";
    static final int DIMENSIONS = 4;

    private static final List<List<String>> THINGS = List.of(
            List.of("cat", "feline", "kitten"), List.of("tariff", "duty", "customs"), List.of("rain", "drizzle"));

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> complaints = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final int mostAnswered;
    private volatile boolean down;

    StandInForModel() throws IOException {
        this(Integer.MAX_VALUE);
    }

    /** @param mostAnswered requests, after which the others wait until {@link #release} */
    StandInForModel(int mostAnswered) throws IOException {
        this.mostAnswered = mostAnswered;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/embeddings", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    int requests() {
        return requests.get();
    }

    List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** From now on it answers that it cannot. */
    void goDown() {
        down = true;
    }

    /** Returns when a request waits. */
    void awaitHeld() throws InterruptedException {
        held.await();
    }

    void release() {
        released.countDown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode asked = Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            if (requests.incrementAndGet() > mostAnswered) {
                held.countDown();
                released.await();
            }
            if (down) {
                send(exchange, 400, "{\"error\":{\"message\":\"The model was unloaded\"}}");
            } else if (!("Bearer " + KEY).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                send(exchange, 401, "{\"error\":{\"message\":\"Incorrect API key provided\"}}");
            } else if (!asked.path("model").asString("").equals(MODEL)
                    || !asked.path("input").isArray()) {
                complaints.add(asked.toString());
                send(exchange, 404, "{\"error\":{\"message\":\"The model does not exist\"}}");
            } else {
                send(exchange, 200, vectors(asked.path("input")).toString());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ObjectNode vectors(JsonNode texts) {
        ObjectNode answer = Json.object().put("object", "list").put("model", MODEL);
        ArrayNode data = answer.putArray("data");
        for (JsonNode text : texts) {
            ObjectNode one = data.addObject().put("object", "embedding").put("index", data.size() - 1);
            ArrayNode vector = one.putArray("embedding");
            String lower = text.stringValue().toLowerCase(Locale.ROOT);
            for (List<String> names : THINGS) {
                vector.add(names.stream().anyMatch(lower::contains) ? 1.0 : 0.0);
            }
            // No vector is without a direction.
            vector.add(0.01);
        }
        return answer;
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        released.countDown();
        server.stop(0);
        threads.close();
    }
}
