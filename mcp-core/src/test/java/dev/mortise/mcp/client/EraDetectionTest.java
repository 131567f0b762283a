package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.ProtocolVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which revision a client finds a server over HTTP to speak, and by which evidence. */
class EraDetectionTest {
    private static final String INITIALIZED =
            "{'protocolVersion':'2025-06-18','capabilities':{},'serverInfo':{'name':'old','version':'1'}}";

    @Test
    void speaksModernToAModernServer() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> request.result("{}"));
                McpClient client = McpClient.http(server.uri()).connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2026_07_28);
            assertThat(server.requests()).singleElement().satisfies(request -> {
                assertThat(request.header("MCP-Protocol-Version")).isEqualTo("2026-07-28");
                assertThat(request.header("Mcp-Method")).isEqualTo("server/discover");
                assertThat(request.header("Accept"))
                        .contains("application/json")
                        .contains("text/event-stream");
            });
        }
    }

    @Test
    void takesARefusalOfAnyKindForALegacyServer() throws Exception {
        List<ScriptedServer.Script> refusals = List.of(
                request -> request.status(404),
                request -> request.status(405),
                request -> request.status(406),
                request -> request.bytes(400, "text/plain", "Bad Request".getBytes()),
                request -> request.error(400, -32000, "Server not initialized"),
                request -> request.error(200, -32601, "Method not found"),
                request -> request.error(200, -32602, "No valid session"),
                request -> request.result("{}"),
                request -> request.bytes(200, "text/html", "<html>".getBytes()),
                request -> request.status(202));
        for (ScriptedServer.Script refusal : refusals) {
            try (ScriptedServer server = legacy(refusal);
                    McpClient client = McpClient.http(server.uri()).connect()) {
                assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2025_06_18);
                assertThat(client.server().name()).isEqualTo("old");
            }
        }
    }

    @Test
    void takesNoTroubleForEvidence() throws Exception {
        for (int status : List.of(500, 502, 503, 429)) {
            try (ScriptedServer server = legacy(request -> request.status(status))) {
                assertThatThrownBy(() -> McpClient.http(server.uri()).connect())
                        .isInstanceOfSatisfying(
                                TransportException.class,
                                e -> assertThat(e.status()).hasValue(status));
                assertThat(server.requests("initialize")).isEmpty();
            }
        }
        for (int status : List.of(401, 403)) {
            try (ScriptedServer server = legacy(request -> {
                request.http().getResponseHeaders().add("WWW-Authenticate", "Bearer scope=\"tools\"");
                request.status(status);
            })) {
                assertThatThrownBy(() -> McpClient.http(server.uri()).connect())
                        .isInstanceOfSatisfying(AuthorizationRequiredException.class, e -> {
                            assertThat(e.status()).isEqualTo(status);
                            assertThat(e.challenges()).containsExactly("Bearer scope=\"tools\"");
                        });
                assertThat(server.requests("initialize")).isEmpty();
            }
        }
    }

    @Test
    void takesSilenceOverHttpForTroubleNotForAge() throws Exception {
        try (ScriptedServer server = legacy(request -> Thread.sleep(Duration.ofMinutes(1)))) {
            assertThatThrownBy(() -> McpClient.http(server.uri())
                            .connectTimeout(Duration.ofMillis(200))
                            .connect())
                    .isInstanceOf(CallTimeoutException.class);
            assertThat(server.requests("initialize")).isEmpty();
        }
    }

    @Test
    void agreesOnARevisionThatTheServerNames() throws Exception {
        try (ScriptedServer server = legacy(request -> unsupported(request, "2099-01-01", "2025-06-18"));
                McpClient client = McpClient.http(server.uri()).connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2025_06_18);
        }
        try (ScriptedServer server = legacy(request -> unsupported(request, "2099-01-01"))) {
            assertThatThrownBy(() -> McpClient.http(server.uri()).connect())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("2099-01-01")
                    .hasMessageContaining("2026-07-28");
        }
    }

    @Test
    void refusesARevisionThatItDidNotOffer() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(request -> {
            if (request.method().equals("initialize")) {
                request.result("{'protocolVersion':'1999-01-01','capabilities':{}}");
            } else {
                request.status(404);
            }
        })) {
            assertThatThrownBy(() -> McpClient.http(server.uri()).connect())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("1999-01-01");
        }
    }

    @Test
    void remembersWhatItFoundOut() throws Exception {
        KnownEras known = new KnownEras();
        try (ScriptedServer server = legacy(request -> request.status(404))) {
            for (int i = 0; i < 2; i++) {
                McpClient.http(server.uri()).knownEras(known).connect().close();
            }
            assertThat(server.requests("server/discover")).hasSize(1);
            assertThat(server.requests("initialize")).hasSize(2);
        }
    }

    @Test
    void fallsBackToTheTransportOf2024() throws Exception {
        try (ScriptedServer server = SseScript.start();
                McpClient client = McpClient.http(server.uri()).connect()) {
            assertThat(client.server().version()).isEqualTo(ProtocolVersion.V2024_11_05);
            client.ping();
            assertThat(server.requests("ping")).hasSize(1);
        }
        try (ScriptedServer first = SseScript.start()) {
            int port = first.port();
            try (McpClient client = McpClient.http(first.uri()).connect()) {
                first.close();
                assertThatThrownBy(client::ping).isInstanceOf(TransportException.class);
                try (ScriptedServer second = SseScript.start(port)) {
                    client.ping();
                    assertThat(second.requests("initialize")).hasSize(1);
                }
            }
        }
        try (ScriptedServer server = SseScript.start();
                McpClient client = McpClient.httpSse(server.uri()).connect()) {
            client.ping();
            assertThat(server.requests("server/discover")).isEmpty();
        }
    }

    @Test
    void saysThatNobodyIsThere() throws Exception {
        int port;
        try (ScriptedServer server = ScriptedServer.start(request -> {})) {
            port = server.port();
        }
        assertThatThrownBy(() -> McpClient.http(URI.create("http://127.0.0.1:" + port + "/mcp"))
                        .connect())
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("is the server running?");
    }

    private static void unsupported(ScriptedServer.Request request, String... versions) throws IOException {
        request.json(
                400,
                "{'jsonrpc':'2.0','id':ID,'error':{'code':-32022,'message':'no','data':{'requested':'x','supported':['"
                        + String.join("','", versions) + "']}}}");
    }

    /** A server that knows the handshake, and does something else with the question whether it is modern. */
    private static ScriptedServer legacy(ScriptedServer.Script otherwise) throws IOException {
        return ScriptedServer.start(request -> {
            switch (request.method()) {
                case "initialize" -> request.result(INITIALIZED);
                case "notifications/initialized" -> request.status(202);
                case "server/discover" -> otherwise.answer(request);
                default -> request.status(405);
            }
        });
    }
}
