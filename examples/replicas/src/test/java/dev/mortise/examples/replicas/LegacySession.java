package dev.mortise.examples.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A client of revision 2025-11-25 at the proxy, with its session. */
final class LegacySession {
    private static final String REVISION = "2025-11-25";

    private final HttpClient http;
    private final URI url;
    private final String id;
    private final AtomicInteger requests = new AtomicInteger(1);

    private LegacySession(HttpClient http, URI url, String id) {
        this.http = http;
        this.url = url;
        this.id = id;
    }

    private static final class Ended extends AssertionError {
        private static final long serialVersionUID = 1L;

        Ended() {
            super("The stream has ended");
        }
    }

    /** An event stream as it arrives. */
    static final class Events implements AutoCloseable {
        private final Stream<String> stream;
        private final Iterator<String> lines;
        private final String replica;
        private String lastId = "";

        Events(HttpResponse<Stream<String>> response) {
            assertThat(response.statusCode()).isEqualTo(200);
            this.replica = response.headers().firstValue("X-Replica").orElseThrow();
            this.stream = response.body();
            this.lines = stream.iterator();
        }

        String replica() {
            return replica;
        }

        /** Of the event that {@link #next} gave last. */
        String lastId() {
            return lastId;
        }

        /** The next message; {@code null} when the stream has ended. */
        @Nullable
        JsonNode nextOrEnd() {
            try {
                return next();
            } catch (Ended e) {
                return null;
            }
        }

        /** The next message; events that only carry an id are passed over. */
        JsonNode next() {
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.startsWith("id:")) {
                    lastId = line.substring(3).strip();
                } else if (line.startsWith("data:") && !line.substring(5).isBlank()) {
                    return Json.parse(line.substring(5));
                } else if (line.startsWith("{")) {
                    return Json.parse(line);
                }
            }
            throw new Ended();
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    /** @throws IOException if the session was not acknowledged */
    static LegacySession begin(HttpClient http, URI url) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                post(
                        url,
                        null,
                        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\""
                                + REVISION
                                + "\",\"capabilities\":{\"elicitation\":{}},\"clientInfo\":{\"name\":\"t\",\"version\":\"1\"}}}"),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        if (response.statusCode() != 200) {
            throw new IOException("Not begun: " + response.statusCode());
        }
        return new LegacySession(
                http, url, response.headers().firstValue("Mcp-Session-Id").orElseThrow());
    }

    private static HttpRequest post(URI url, @Nullable String session, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
        if (session != null) {
            request.header("Mcp-Session-Id", session).header("MCP-Protocol-Version", REVISION);
        }
        return request.POST(HttpRequest.BodyPublishers.ofString(body)).build();
    }

    /** A notification or a response. */
    HttpResponse<String> tell(String body) throws IOException, InterruptedException {
        return http.send(post(url, id, body), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    void initialized() throws IOException, InterruptedException {
        assertThat(tell("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}")
                        .statusCode())
                .isEqualTo(202);
    }

    /** @param params with its braces */
    Events request(String method, String params) throws IOException, InterruptedException {
        String body = "{\"jsonrpc\":\"2.0\",\"id\":" + requests.incrementAndGet() + ",\"method\":\"" + method
                + "\",\"params\":" + params + "}";
        return new Events(http.send(post(url, id, body), HttpResponse.BodyHandlers.ofLines()));
    }

    JsonNode result(String method, String params) throws IOException, InterruptedException {
        try (Events events = request(method, params)) {
            JsonNode answer = events.next();
            assertThat(answer.has("result")).as(answer.toString()).isTrue();
            return answer.path("result");
        }
    }

    /** @param lastEventId what to resume behind; empty to begin */
    Events listen(String lastEventId) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Accept", "text/event-stream")
                .header("Mcp-Session-Id", id)
                .header("MCP-Protocol-Version", REVISION);
        if (!lastEventId.isEmpty()) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new Events(http.send(request.build(), HttpResponse.BodyHandlers.ofLines()));
    }
}
