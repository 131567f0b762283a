package dev.mortise.servlet;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.json.Matches;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.ResourceTemplate;
import dev.mortise.mcp.server.Tool;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/**
 * Whatever a client sends gets its exact status and code, learns nothing of what is inside, and is forgotten: the next
 * request is answered at once. A connection that hangs fails the test by its time limit.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(30)
abstract class BadInputContract {
    /** What only somebody with the source, or the operator, should see. */
    private static final Pattern INTERNALS = Pattern.compile(
            "\\b(dev\\.mortise|java\\.|jakarta\\.|tools\\.jackson|com\\.networknt|org\\.(apache|eclipse))|Exception|\\tat ");

    record Text(String text) {}

    record Count(int n) {}

    record Large(BigInteger n) {}

    record Strict(@Matches("^(a+)+$") String text) {}

    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who are you?");

    private final Container.Kind kind;
    private final Semaphore started = new Semaphore(0);
    private final Semaphore cancelled = new Semaphore(0);
    private final McpServer server = server();
    private Container container;

    @SuppressWarnings("NullAway.Init")
    BadInputContract(Container.Kind kind) {
        this.kind = kind;
    }

    private McpServer server() {
        JsonSchema routed = JsonSchema.parse("""
                {"type": "object", "properties": {
                  "region": {"type": "string", "x-mcp-header": "Region"},
                  "n": {"type": "integer", "x-mcp-header": "N"},
                  "on": {"type": "boolean", "x-mcp-header": "On"}}}""");
        return McpServer.builder("bad-input", "1")
                .tool(Tool.of("echo", "Says it again", Text.class, Text::text))
                .tool(Tool.of("count", "Takes a number", Count.class, Count::n))
                .tool(Tool.of(
                        "large",
                        "Takes a large number",
                        Large.class,
                        in -> in.n().bitLength()))
                .tool(Tool.of("strict", "Has a pattern that is hard on its engine", Strict.class, Strict::text))
                .tool(Tool.named("any")
                        .inputSchema(JsonSchema.parse("{\"type\":\"object\"}"))
                        .handle((in, call) -> "ok"))
                .tool(Tool.named("route").inputSchema(routed).handle((in, call) -> "routed"))
                .tool(Tool.named("fails").handle((in, call) -> {
                    throw new IllegalStateException("password=hunter2");
                }))
                .tool(Tool.named("asks")
                        .handle((in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                ? "Hello " + ok.value().name()
                                : ask(NAME)))
                .tool(Tool.named("waits").handle((in, call) -> {
                    started.release();
                    try {
                        new CountDownLatch(1).await();
                        return "never";
                    } finally {
                        cancelled.release();
                    }
                }))
                .tool(Tool.named("talks").handle((in, call) -> "x".repeat(32 * 1024 * 1024)))
                .prompt(Prompt.named("greet")
                        .argument("who", "Whom")
                        .complete("who", call -> List.of("Ann"))
                        .handle(call ->
                                PromptOutcome.text("Greet " + call.arguments().get("who"))))
                .resource(Resource.text("doc:///a", "a", "text/plain", "a"))
                .resourceTemplate(ResourceTemplate.at("note:///{folder}/{name}", "note")
                        .complete("name", call -> List.of("a"))
                        .read(call -> ResourceOutcome.found(call.text("note"))))
                .build();
    }

    @BeforeAll
    void start() throws Exception {
        HttpOptions lively = HttpOptions.builder()
                .bodyDeadline(Duration.ofMillis(400))
                .silence(Duration.ofMillis(100))
                .heartbeat(Duration.ofMillis(100))
                .shutdownGrace(Duration.ZERO)
                .build();
        container = Container.start(kind, Map.of("/mcp", StreamableHttp.of(server::handle, lively)));
    }

    @AfterAll
    void stop() throws Exception {
        server.close();
        container.close();
    }

    static List<BadInputRow> rows() {
        return Stream.of(BadHeadRows.all(), BadBodyRows.all(), BadCallRows.all())
                .flatMap(List::stream)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("rows")
    void isAnsweredExactlyAndForgotten(BadInputRow row) throws Exception {
        try (Wire wire = new Wire(container.port())) {
            sendAll(wire, row.request());
            Wire.Response response = wire.receive();
            assertThat(response.status()).as(response.body()).isIn(row.statuses());
            assertSpeaksPlainly(response);
            if (row.code() != null) {
                assertThat(code(response)).as(response.body()).isEqualTo(row.code());
            }
        }
        assertServes();
    }

    /** A server that refuses early may close while the rest is still being sent. */
    private static void sendAll(Wire wire, byte[] request) {
        try {
            wire.send(request);
        } catch (IOException e) {
            // What it has answered can still be read.
        }
    }

    private static int code(Wire.Response response) {
        JsonNode message = Json.parse(lastMessage(response));
        return message.has("result")
                ? BadInputRow.RESULT
                : message.at("/error/code").intValue();
    }

    private static String lastMessage(Wire.Response response) {
        if (!String.valueOf(response.headers().get("Content-Type")).startsWith("text/event-stream")) {
            return response.body();
        }
        int data = response.body().lastIndexOf("data: ");
        return response.body().substring(data + "data: ".length());
    }

    private static void assertSpeaksPlainly(Wire.Response response) {
        String all = response.headers() + response.body();
        assertThat(all).doesNotContain("hunter2").doesNotContain("Header mismatch: Header");
        assertThat(INTERNALS.matcher(all).find()).as(all).isFalse();
        assertThat(response.body()).hasSizeLessThan(20_000);
    }

    private void assertServes() throws IOException {
        try (Wire wire = new Wire(container.port())) {
            assertServes(wire);
        }
    }

    private static void assertServes(Wire wire) throws IOException {
        Wire.Response response =
                wire.send(Post.call("echo", "{'text':'hello'}").bytes()).receive();
        assertThat(response.status()).isEqualTo(200);
        assertThat(Json.parse(response.body()).at("/result/content/0/text").stringValue())
                .isEqualTo("hello");
    }

    @Test
    void whatIsUnusualAndRightIsServed() throws Exception {
        Post right = Post.call("echo", "{'text':'hello'}");
        Post routed = Post.call("route", "{'region':' \u4e16\u754c ','n':42,'on':true}")
                .with("mcp-param-REGION", "=?base64?IOS4lueVjCA=?=")
                .with("Mcp-Param-N", "42.0")
                .with("Mcp-Param-On", "true");
        for (Post post : List.of(
                right.inChunks(),
                right.replacing("Host", "LOCALHOST:9"),
                right.replacing("Host", "[::1]:8080"),
                right.with("Origin", "HTTP://LocalHost:1234"),
                right.replacing("Content-Type", "Application/JSON ; Charset=\"UTF-8\""),
                right.without("Accept"),
                right.replacing("Accept", "*/*"),
                right.with("Content-Encoding", "identity"),
                right.without("mcp-method").with("mcp-METHOD", "  tools/call\t"),
                right.with("Mcp-Name", "echo"),
                right.replacing("Mcp-Name", "=?base64?ZWNobw==?="),
                right.with("Mcp-Session-Id", "of-an-older-client"),
                right.with("Last-Event-ID", "7"),
                right.line("POST http://localhost/mcp HTTP/1.1"),
                right.line("POST /mcp?x=1 HTTP/1.1"),
                right.line("POST /mcp HTTP/1.0").with("Connection", "close"),
                Post.call("any", "{'a':1,'a ':2,'\\u0000':3}"),
                Post.call("route", "{'region':null}"),
                routed)) {
            try (Wire wire = new Wire(container.port())) {
                Wire.Response response = wire.send(post.bytes()).receive();
                assertThat(response.status()).as(post + response.body()).isEqualTo(200);
                assertThat(Json.parse(response.body()).at("/result/isError").booleanValue(false))
                        .as(response.body())
                        .isFalse();
            }
        }
    }

    @Test
    void requestsInOneGoAreAnsweredInTheirOrder() throws Exception {
        byte[] good = Post.call("echo", "{'text':'hello'}").bytes();
        byte[] bad = Post.of("tools/nothing", "").bytes();
        try (Wire wire = new Wire(container.port())) {
            byte[] all = new byte[2 * good.length + bad.length];
            System.arraycopy(good, 0, all, 0, good.length);
            System.arraycopy(bad, 0, all, good.length, bad.length);
            System.arraycopy(good, 0, all, good.length + bad.length, good.length);
            wire.send(all);
            assertThat(wire.receive().status()).isEqualTo(200);
            assertThat(wire.receive().status()).isEqualTo(404);
            assertThat(wire.receive().status()).isEqualTo(200);
        }
    }

    @Test
    void aBodyThatNeverEndsIsCutOff() throws Exception {
        try (Wire wire = new Wire(container.port())) {
            wire.send(Post.of("tools/list", "").with("Content-Length", "100000").bytes());
            if (kind == Container.Kind.JETTY) {
                assertThat(wire.receive().status()).isEqualTo(408);
            }
            // Tomcat ends an asynchronous read that times out with its connection, and may not even answer.
            assertThat(wire.isClosedByServer()).isTrue();
        }
        assertServes();
    }

    @Test
    void aBodyThatBreaksOffIsMalformed() throws Exception {
        try (Wire wire = new Wire(container.port())) {
            wire.send(Post.of("tools/list", "").with("Content-Length", "100000").bytes())
                    .finishSending();
            Wire.Response response = wire.receive();
            assertThat(response.status()).isEqualTo(400);
            assertSpeaksPlainly(response);
        }
        assertServes();
    }

    @Test
    void chunksWithoutEndAreCutOff() throws Exception {
        byte[] chunk = ("10000\r\n" + "x".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        try (Wire wire = new Wire(container.port())) {
            wire.send(Post.of("tools/list", "")
                    .with("Transfer-Encoding", "chunked")
                    .carrying(new byte[0])
                    .bytes());
            for (int sent = 0; sent < 5 * 1024 * 1024; sent += 0x10000) {
                wire.send(chunk);
            }
            assertThat(wire.receive().status()).isEqualTo(413);
            assertThatIOException().isThrownBy(() -> sendForEver(wire, chunk));
        }
        assertServes();
    }

    @SuppressWarnings("InfiniteLoopStatement")
    private static void sendForEver(Wire wire, byte[] chunk) throws IOException {
        while (true) {
            wire.send(chunk);
        }
    }

    /** None of these gets, or waits for, an answer. */
    @Test
    void clientsThatVanishLeaveNothingBehind() throws Exception {
        byte[] call = Post.call("waits", "{}").bytes();
        try (Wire wire = new Wire(container.port())) {
            wire.send(call);
            started.acquire();
            wire.vanish();
        }
        cancelled.acquire();
        try (Wire wire = new Wire(container.port())) {
            wire.send(Arrays.copyOf(call, call.length - 5)).vanish();
        }
        try (Wire wire = new Wire(container.port())) {
            wire.send("POST /mcp HT").vanish();
        }
        try (Wire wire = new Wire(container.port())) {
            wire.send(Post.call("talks", "{}").bytes());
            assertThat(wire.receiveStatus()).isEqualTo(200);
            wire.vanish();
        }
        try (Wire wire = new Wire(container.port())) {
            wire.send(Post.of("subscriptions/listen", "'notifications':{'toolsListChanged':true}")
                    .bytes());
            assertThat(wire.receiveStatus()).isEqualTo(200);
            wire.receiveHeaders();
            assertThat(wire.receiveChunk()).contains("acknowledged");
            wire.vanish();
        }
        while (server.listenStreams() > 0) {
            Thread.onSpinWait();
        }
        assertServes();
    }

    /** While many wait, fail and vanish at once, nobody else notices. */
    @Test
    void aCrowdOfBadClientsDisturbsNobody() throws Exception {
        List<BadInputRow> rows =
                rows().stream().filter(row -> row.request().length < 10_000).toList();
        List<Thread> crowd = IntStream.range(0, 8)
                .mapToObj(i -> Thread.ofVirtual().start(() -> {
                    for (int j = i; j < rows.size(); j += 8) {
                        try (Wire wire = new Wire(container.port())) {
                            wire.send(rows.get(j).request()).vanish();
                        } catch (IOException e) {
                            // It has closed first.
                        }
                    }
                }))
                .toList();
        for (int i = 0; i < 50; i++) {
            assertServes();
        }
        for (Thread thread : crowd) {
            thread.join();
        }
        assertServes();
    }

    @AfterEach
    void nothingIsLeftOver() {
        while (server.listenStreams() > 0) {
            Thread.onSpinWait();
        }
    }
}
