package dev.mortise.servlet;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.HttpSse;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.HttpHead;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Clients of revision 2024-11-05 over HTTP: a stream for everything that they are sent, a POST for what they send. */
@Timeout(30)
class HttpSseTest {
    record Text(String text) {}

    private static final Question<ListRootsResult> ROOTS = Question.roots("roots");

    private final Semaphore started = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);
    private final McpServer server = McpServer.builder("old", "1")
            .authenticator(origin -> ((HttpHead) origin)
                    .header("Authorization")
                    .map(name -> Authenticator.admit(Caller.of(name)))
                    .orElseGet(
                            () -> Authenticator.reject(new Refusal.Unauthenticated("Who are you?", List.of("Bearer")))))
            .tool(Tool.of("echo", "Says it again", Text.class, Text::text))
            .tool(Tool.named("roots")
                    .handle((in, call) -> call.answer(ROOTS) instanceof Answer.Accepted<ListRootsResult> ok
                            ? ok.value().roots().get(0).uri()
                            : ask(ROOTS)))
            .tool(Tool.named("waits").handle((in, call) -> {
                started.release();
                try {
                    new CountDownLatch(1).await();
                    return "never";
                } finally {
                    ended.release();
                }
            }))
            .tool(Tool.named("works").handle((in, call) -> {
                call.progress(1, 2.0, "half");
                call.progress(2, 2.0, "all");
                return "done";
            }))
            .build();
    private final HttpSse http = HttpSse.of(
            server::handle,
            HttpOptions.builder()
                    .heartbeat(Duration.ofMillis(100))
                    .shutdownGrace(Duration.ZERO)
                    .build(),
            3);
    private Container container;

    @AfterEach
    void stop() throws Exception {
        server.close();
        container.close();
    }

    /** A client that keeps to the specification. */
    private final class Client implements AutoCloseable {
        final String name;
        final Wire wire;
        final String endpoint;

        Client(String name) throws IOException {
            this.name = name;
            this.wire = new Wire(container.port());
            wire.send("GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\nAuthorization: " + name
                    + "\r\n\r\n");
            assertThat(wire.receiveStatus()).isEqualTo(200);
            assertThat(wire.receiveHeaders()).containsEntry("Content-Type", "text/event-stream");
            String first = event();
            assertThat(first).startsWith("event: endpoint\ndata: /sse/");
            this.endpoint = first.lines().toList().get(1).substring("data: ".length());
        }

        /** The next that is no sign of life. */
        String event() throws IOException {
            String chunk = wire.receiveChunk();
            while (chunk.equals(":\n\n")) {
                chunk = wire.receiveChunk();
            }
            return chunk;
        }

        JsonNode message() throws IOException {
            String event = event();
            assertThat(event).startsWith("event: message\ndata: ").endsWith("\n\n");
            return Json.mapper().readTree(event.substring("event: message\ndata: ".length()));
        }

        void posts(String json) throws IOException {
            assertThat(post(endpoint, name, json).status()).isEqualTo(202);
        }

        void initializes() throws IOException {
            posts("{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'2024-11-05',"
                    + "'capabilities':{'roots':{}},'clientInfo':{'name':'old','version':'1'}}}");
            JsonNode result = message();
            assertThat(result.at("/result/protocolVersion").stringValue()).isEqualTo("2024-11-05");
            assertThat(result.at("/result/serverInfo/name").stringValue()).isEqualTo("old");
            posts("{'jsonrpc':'2.0','method':'notifications/initialized'}");
        }

        @Override
        public void close() throws IOException {
            wire.close();
        }
    }

    private void start(Container.Kind kind) throws Exception {
        container = Container.start(kind, context -> HttpSseServlet.mount(context, http, "/sse"));
    }

    private Wire.Response post(String path, String name, String json) throws IOException {
        try (Wire wire = new Wire(container.port())) {
            String body = json.replace('\'', '"');
            return wire.send(Wire.post(path, body, "Authorization: " + name, "Accept: */*"))
                    .receive();
        }
    }

    private static String call(int id, String tool, String rest) {
        return "{'jsonrpc':'2.0','id':" + id + ",'method':'tools/call','params':{'name':'" + tool + "'" + rest + "}}";
    }

    @ParameterizedTest
    @EnumSource(Container.Kind.class)
    void answersOnTheStream(Container.Kind kind) throws Exception {
        start(kind);
        try (Client client = new Client("ann")) {
            client.initializes();
            client.posts(call(2, "echo", ",'arguments':{'text':'hello'}"));
            JsonNode reply = client.message();
            assertThat(reply.get("id").intValue()).isEqualTo(2);
            assertThat(reply.at("/result/content/0/text").stringValue()).isEqualTo("hello");

            client.posts(call(3, "works", ",'_meta':{'progressToken':'p'}"));
            JsonNode told = client.message();
            double progress = 0;
            while (told.has("method")) {
                // What was not written in time gives way to what is newer.
                assertThat(told.at("/params/progress").doubleValue()).isGreaterThan(progress);
                progress = told.at("/params/progress").doubleValue();
                told = client.message();
            }
            assertThat(progress).isEqualTo(2);
            assertThat(told.at("/result/content/0/text").stringValue()).isEqualTo("done");

            server.tools().add(Tool.named("new").handle((in, call) -> "new"));
            assertThat(client.message().get("method").stringValue()).isEqualTo("notifications/tools/list_changed");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.Kind.class)
    void asksOnTheStream(Container.Kind kind) throws Exception {
        start(kind);
        try (Client client = new Client("ann")) {
            client.initializes();
            client.posts(call(2, "roots", ""));
            JsonNode asked = client.message();
            assertThat(asked.get("method").stringValue()).isEqualTo("roots/list");
            client.posts("{'jsonrpc':'2.0','id':" + asked.get("id") + ",'result':{'roots':[{'uri':'file:///home'}]}}");
            assertThat(client.message().at("/result/content/0/text").stringValue())
                    .isEqualTo("file:///home");
        }
    }

    @ParameterizedTest
    @EnumSource(Container.Kind.class)
    void endsWhatNobodyWaitsFor(Container.Kind kind) throws Exception {
        start(kind);
        Client client = new Client("ann");
        client.initializes();
        client.posts(call(2, "waits", ""));
        started.acquire();
        assertThat(post(client.endpoint, "ann", call(2, "echo", "")).status()).isEqualTo(400);
        client.posts("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':2}}");
        ended.acquire();

        client.posts(call(3, "waits", ""));
        started.acquire();
        client.wire.vanish();
        ended.acquire();
        while (http.connections() > 0) {
            Thread.onSpinWait();
        }
        assertThat(post(client.endpoint, "ann", call(4, "echo", "")).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(Container.Kind.class)
    void letsNobodyElseUseAConnection(Container.Kind kind) throws Exception {
        start(kind);
        try (Wire stranger = new Wire(container.port())) {
            stranger.send("GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
            Wire.Response refused = stranger.receive();
            assertThat(refused.status()).isEqualTo(401);
            assertThat(refused.headers()).containsEntry("WWW-Authenticate", "Bearer");
        }
        try (Client client = new Client("ann")) {
            client.initializes();
            assertThat(post(client.endpoint, "bob", call(2, "echo", ",'arguments':{'text':'from bob'}"))
                            .status())
                    .isEqualTo(404);
            client.posts(call(3, "echo", ",'arguments':{'text':'from ann'}"));
            assertThat(client.message().get("id").intValue()).isEqualTo(3);

            server.disconnect(caller -> caller.subject().equals("ann"));
            assertThat(client.event()).isEmpty();
            assertThat(post(client.endpoint, "ann", call(4, "echo", "")).status())
                    .isEqualTo(404);
        }
    }

    @ParameterizedTest
    @EnumSource(Container.Kind.class)
    void refusesWhatItCannotTake(Container.Kind kind) throws Exception {
        start(kind);
        try (Client client = new Client("ann");
                Client second = new Client("ann");
                Client third = new Client("ann")) {
            assertThat(post("/sse/unknown", "ann", "{}").status()).isEqualTo(404);
            assertThat(post("/sse", "ann", "{}").status()).isEqualTo(405);
            assertThat(post(client.endpoint, "ann", "{").status()).isEqualTo(400);
            assertThat(post(client.endpoint, "ann", "").status()).isEqualTo(400);
            assertThat(post(client.endpoint, "ann", "{'jsonrpc':'1.0'}").status())
                    .isEqualTo(400);
            try (Wire wire = new Wire(container.port())) {
                wire.send("GET /sse HTTP/1.1\r\nHost: evil.example\r\nAccept: text/event-stream\r\n\r\n");
                assertThat(wire.receive().status()).isEqualTo(403);
            }
            try (Wire fourth = new Wire(container.port())) {
                fourth.send("GET /sse HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
                        + "Authorization: ann\r\n\r\n");
                assertThat(fourth.receive().status()).isEqualTo(503);
            }

            client.initializes();
            second.initializes();
            third.posts("{'jsonrpc':'2.0','id':'x','method':'nothing/such'}");
            assertThat(third.message().at("/error/code").intValue()).isNegative();
        }
    }
}
