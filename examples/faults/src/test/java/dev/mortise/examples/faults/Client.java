package dev.mortise.examples.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.examples.faults.Dependency.Probe;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of the shop: it calls tools, by two revisions, and reads the health. */
final class Client implements AutoCloseable {
    static final String HEALTH_TOKEN = "a token of the tests";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String LEGACY = "2025-11-25";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final AtomicInteger ids = new AtomicInteger();
    private final URI url;
    private @Nullable String session;

    Client(URI url) {
        this.url = url;
    }

    /**
     * What came back.
     *
     * @param retryAfter the field of that name; empty without it
     */
    record Answer(Probe probe, int status, String retryAfter, JsonNode body, Duration took) {
        boolean isResult() {
            return status == 200
                    && !body.at("/result/isError").booleanValue(false)
                    && body.at("/result/content/0/text").stringValue("").contains(probe.answer());
        }

        /** Refused, for a reason that is not the caller's, in the words of the protocol. */
        boolean isRefusal() {
            int code = body.at("/error/code").intValue(0);
            boolean unavailable =
                    code == 503 && body.at("/error/data/retryAfterMs").intValue(0) > 0;
            // A legacy client learns it from the reply alone, where its session was found.
            boolean told = probe == Probe.LEGACY_PRICE || (status == code && retryAfter.isEmpty() == (code != 503));
            boolean late = code == 504 && body.at("/error/data/timeoutMs").intValue(0) > 0;
            return (unavailable || late)
                    && !body.at("/error/message").stringValue("").isBlank();
        }

        @Override
        public String toString() {
            return probe + " after " + took.toMillis() + " ms: " + status + " " + body;
        }
    }

    /** Begins a session, for the legacy probe. */
    void begin() throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request("{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                                + LEGACY
                                + "\",\"capabilities\":{},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}")
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        session = response.headers().firstValue("Mcp-Session-Id").orElseThrow();
        HttpRequest initialized = legacy(request("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}"))
                .build();
        assertThat(http.send(initialized, HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(202);
    }

    private HttpRequest.Builder request(String body) {
        return HttpRequest.newBuilder(url)
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpRequest.Builder legacy(HttpRequest.Builder request) {
        assertThat(session).isNotNull();
        return request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", LEGACY);
    }

    Answer call(Probe probe) throws IOException, InterruptedException {
        boolean modern = probe != Probe.LEGACY_PRICE;
        String meta = ",\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                + "\"io.modelcontextprotocol/clientCapabilities\":{}}";
        HttpRequest.Builder request = request("{\"jsonrpc\":\"2.0\",\"id\":" + ids.incrementAndGet()
                + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + probe.tool() + "\",\"arguments\":"
                + probe.arguments() + (modern ? meta : "") + "}}");
        if (modern) {
            request.header("MCP-Protocol-Version", "2026-07-28")
                    .header("Mcp-Method", "tools/call")
                    .header("Mcp-Name", probe.tool());
        } else {
            legacy(request);
        }
        long began = System.nanoTime();
        HttpResponse<String> response =
                http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        return new Answer(
                probe,
                response.statusCode(),
                response.headers().firstValue("Retry-After").orElse(""),
                message(response.body()),
                Duration.ofNanos(System.nanoTime() - began));
    }

    /** The last message, where the reply became an event stream. */
    private static JsonNode message(String body) {
        if (body.startsWith("{")) {
            return Json.parse(body);
        }
        List<String> messages = body.lines()
                .filter(line -> line.startsWith("data:") && line.contains("{"))
                .toList();
        return messages.isEmpty()
                ? Json.object().put("body", body)
                : Json.parse(messages.getLast().substring(5));
    }

    /** What readiness says of one check: up, degraded or down. */
    String health(String check) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                HttpRequest.newBuilder(url.resolve("/health/ready"))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + HEALTH_TOKEN)
                        .build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        assertThat(response.statusCode())
                .as("degraded is ready: %s", response.body())
                .isEqualTo(200);
        for (JsonNode each : Json.parse(response.body()).path("checks")) {
            if (each.path("name").stringValue("").equals(check)) {
                return each.path("status").stringValue("");
            }
        }
        throw new AssertionError("No check " + check + ": " + response.body());
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
