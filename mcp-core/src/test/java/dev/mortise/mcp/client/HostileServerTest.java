package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.schema.ElicitResult;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Servers that lie, flood, or never end. What comes of it is bounded, and an error with a type. */
class HostileServerTest {
    private static final int LIMIT = 100_000;

    @Test
    void stopsReadingALineWithoutEnd() throws Exception {
        violates(request -> {
            try (ScriptedServer.Events events = request.events()) {
                events.raw("data: ");
                while (true) {
                    events.raw("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
                }
            }
        });
    }

    @Test
    void stopsReadingAnEventOfManyLines() throws Exception {
        violates(request -> {
            try (ScriptedServer.Events events = request.events()) {
                while (true) {
                    events.raw("data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
                }
            }
        });
    }

    @Test
    void stopsReadingABodyWithoutEnd() throws Exception {
        violates(request -> {
            request.http().getResponseHeaders().set("Content-Type", "application/json");
            request.http().sendResponseHeaders(200, 0);
            try (OutputStream out = request.http().getResponseBody()) {
                while (true) {
                    out.write("                                                  ".getBytes(StandardCharsets.UTF_8));
                }
            }
        });
    }

    @Test
    void bearsCommentsWithoutEndUntilTheDeadline() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        while (true) {
                            events.raw(": still here\n");
                        }
                    }
                });
                McpClient client = client(server).connect()) {
            assertThatThrownBy(
                            () -> client.callTool("x", Map.of(), CallOptions.DEFAULT.timeout(Duration.ofMillis(300))))
                    .isInstanceOf(CallTimeoutException.class);
        }
    }

    @Test
    void refusesDeepNesting() throws Exception {
        violates(request -> request.result("[".repeat(1000) + "]".repeat(1000)));
    }

    @Test
    void refusesWhatIsNoMessage() throws Exception {
        violates(request -> request.json(200, "nonsense"));
        violates(request -> request.json(200, "[]"));
        violates(request -> request.json(200, "{'jsonrpc':'2.0','id':ID}"));
        violates(request -> request.bytes(200, "text/html", "<html>".getBytes(StandardCharsets.UTF_8)));
        violates(request -> request.status(204));
    }

    @Test
    void refusesResultsOfTheWrongShape() throws Exception {
        violates(request -> request.result("17"));
        violates(request -> request.result("null"));
        violates(request -> request.result("{'content':'text'}"));
        violates(request -> request.result("{'resultType':'unheard-of','content':[]}"));
        violates(request -> request.result("{'resultType':'input_required'}"));
        violates(request -> request.result("{'resultType':'input_required','requestState':5}"));
        violates(request -> request.result("{'resultType':'input_required','inputRequests':[]}"));
        violates(request ->
                request.result("{'resultType':'input_required','inputRequests':{'a':{'method':'roots/list'}}}"));
        violates(request -> request.result("{'resultType':'task'}"));
    }

    @Test
    void ignoresAnswersThatWereNotAskedFor() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.message("{'jsonrpc':'2.0','id':424242,'result':{}}");
                        events.message("{'jsonrpc':'2.0','id':'x','error':{'code':1,'message':'no'}}");
                        events.message("{'jsonrpc':'2.0','id':7,'method':'roots/list'}");
                        events.message("{'jsonrpc':'2.0','method':'notifications/unheard_of','params':{'a':1}}");
                        events.message("{'jsonrpc':'2.0','id':ID,'result':{'content':[{'type':'text','text':'1'}]}}");
                        events.message("{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}");
                    }
                });
                McpClient client = client(server).connect()) {
            assertThat(client.callTool("x", Map.of()).content()).hasSize(1);
        }
    }

    @Test
    void saysThatTheStreamEndedTooEarly() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.modern(request -> request.events().close());
                McpClient client = client(server).connect()) {
            assertThatThrownBy(() -> client.callTool("x", Map.of()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("before the answer");
        }
    }

    @Test
    void followsNoListInCirclesOrWithoutEnd() throws Exception {
        try (ScriptedServer server =
                        ScriptedServer.modern(request -> request.result("{'tools':[],'nextCursor':'again'}"));
                McpClient client = client(server).connect()) {
            assertThatThrownBy(() -> client.tools().toList())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("circles");
            assertThat(server.requests("tools/list")).hasSize(2);
        }
        AtomicInteger page = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.modern(
                        request -> request.result("{'tools':[],'nextCursor':'" + page.incrementAndGet() + "'}"));
                McpClient client = client(server).maxPages(5).connect()) {
            assertThatThrownBy(() -> client.tools().toList())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("5 pages");
        }
    }

    @Test
    void answersQuestionsForSoManyRoundsOnly() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> request.result(
                        "{'resultType':'input_required','inputRequests':{'q':{'method':'elicitation/create','params':"
                                + "{'message':'?','requestedSchema':{'type':'object','properties':{}}}}}}"));
                McpClient client = client(server)
                        .onElicitation(form -> ElicitResult.decline())
                        .maxRounds(3)
                        .connect()) {
            assertThatThrownBy(() -> client.callTool("x", Map.of()))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("3 rounds");
            assertThat(server.requests("tools/call")).hasSize(4);
        }
    }

    @Test
    void followsNoRedirectToAnotherOrigin() throws Exception {
        try (ScriptedServer other = ScriptedServer.modern(request -> {});
                ScriptedServer server = ScriptedServer.start(request -> {
                    request.http()
                            .getResponseHeaders()
                            .set("Location", other.uri().toString());
                    request.status(307);
                })) {
            assertThatThrownBy(
                            () -> client(server).header("X-Api-Key", "secret").connect())
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("another origin");
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void followsARedirectOnTheSameServer() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(request -> {
                    if (request.http().getRequestURI().getPath().equals("/mcp")) {
                        request.http().getResponseHeaders().set("Location", "/v2/mcp");
                        request.status(308);
                    } else {
                        request.result(ScriptedServer.DISCOVERED);
                    }
                });
                McpClient client = client(server).connect()) {
            assertThat(client.server().info()).isNull();
        }
    }

    @Test
    void postsNowhereElseForALegacyStream() throws Exception {
        try (ScriptedServer other = ScriptedServer.start(request -> request.status(202));
                ScriptedServer server = ScriptedServer.start(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.raw("event: endpoint\ndata: " + other.uri() + "\n\n");
                        Thread.sleep(Duration.ofMinutes(1));
                    }
                })) {
            assertThatThrownBy(() -> McpClient.httpSse(server.uri()).connect())
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("another origin");
            assertThat(other.requests()).isEmpty();
        }
    }

    private static McpClientBuilder client(ScriptedServer server) {
        return McpClient.http(server.uri()).maxMessageBytes(LIMIT).timeout(Duration.ofSeconds(10));
    }

    private static void violates(ScriptedServer.Script script) throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(script);
                McpClient client = client(server).connect()) {
            assertThatThrownBy(() -> client.callTool("x", Map.of())).isInstanceOf(ProtocolViolationException.class);
        }
    }
}
