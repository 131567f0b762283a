package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that take a message without an answer, and then say nothing at all. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SilentServerTest {
    @Test
    void doesNotHoldUpAHandshake() throws Exception {
        try (ScriptedServer server = legacy("notifications/initialized", new CountDownLatch(1));
                McpClient client = McpClient.http(server.uri())
                        .connectTimeout(Duration.ofMillis(500))
                        .build()) {
            assertThatThrownBy(client::server)
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("did not take notifications/initialized");
            // Nor does the attempt that failed hold up the next.
            assertThatThrownBy(client::server).isInstanceOf(TransportException.class);
        }
    }

    @Test
    void doesNotHoldUpAHandshakeOverSse() throws Exception {
        try (ScriptedServer server = sse();
                McpClient client = McpClient.httpSse(server.uri())
                        .connectTimeout(Duration.ofMillis(500))
                        .build()) {
            assertThatThrownBy(client::server)
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("did not take notifications/initialized");
        }
    }

    @Test
    void keepsNothingOfACancellationThatItNeverTakes() throws Exception {
        CountDownLatch silent = new CountDownLatch(1);
        try (HttpClient http = HttpClient.newHttpClient();
                ScriptedServer server = legacy("notifications/cancelled", silent)) {
            try (McpClient client =
                    McpClient.to(HttpEndpoint.of(server.uri()).httpClient(http)).build()) {
                assertThatThrownBy(() ->
                                client.callTool("x", Map.of(), CallOptions.DEFAULT.timeout(Duration.ofMillis(100))))
                        .isInstanceOf(CallTimeoutException.class);
                silent.await();
            }
            http.shutdown();
            assertThat(http.awaitTermination(Duration.ofSeconds(10))).isTrue();
        }
    }

    /** @param reached when a request of that method has come */
    private static ScriptedServer legacy(String silentOver, CountDownLatch reached) throws IOException {
        return ScriptedServer.start(request -> {
            if (request.method().equals(silentOver)) {
                reached.countDown();
                Thread.sleep(Duration.ofMinutes(1));
            }
            switch (request.method()) {
                case "server/discover" -> request.error(400, -32000, "Bad Request: Server not initialized");
                case "initialize" -> {
                    request.http().getResponseHeaders().set("Mcp-Session-Id", "s");
                    request.result("{'protocolVersion':'2025-11-25','capabilities':{}}");
                }
                case "notifications/initialized" -> request.status(202);
                case "" -> request.status(request.verb().equals("GET") ? 405 : 200);
                default -> Thread.sleep(Duration.ofMinutes(1));
            }
        });
    }

    private static ScriptedServer sse() throws IOException {
        BlockingQueue<String> outgoing = new LinkedBlockingQueue<>();
        return ScriptedServer.start(request -> {
            if (request.verb().equals("GET")) {
                try (ScriptedServer.Events events = request.events()) {
                    events.raw("event: endpoint\ndata: /messages\n\n");
                    events.message(outgoing.take());
                    Thread.sleep(Duration.ofMinutes(1));
                }
            } else if (request.method().equals("initialize")) {
                request.status(202);
                outgoing.add("{'jsonrpc':'2.0','id':" + request.body().path("id")
                        + ",'result':{'protocolVersion':'2024-11-05','capabilities':{}}}");
            } else {
                Thread.sleep(Duration.ofMinutes(1));
            }
        });
    }
}
