package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.json.Bounds;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class CallTest {
    record Add(int a, int b) {}

    record Sum(int sum) {}

    record Search(
            @Description("What to look for") String query,
            @Bounds(min = 1, max = 50) int limit) {}

    private final CountDownLatch started = new CountDownLatch(1);
    private final AtomicReference<Throwable> ended = new AtomicReference<>();
    private final CountDownLatch handlerEnded = new CountDownLatch(1);

    private final McpServer server = McpServer.builder("calculator", "1.0")
            .title("Calculator")
            .instructions("Add things.")
            .tool(Tool.of("add", "Adds two numbers", Add.class, in -> in.a() + in.b()))
            .tool(Tool.of("sum", "Adds two numbers", Add.class, Sum.class, in -> new Sum(in.a() + in.b())))
            .tool(Tool.of("search", "Searches", Search.class, in -> in.query() + " " + in.limit()))
            .tool(Tool.named("blocks").handle((in, call) -> List.of(TextContent.of("a"), TextContent.of("b"))))
            .tool(Tool.named("record").handle((in, call) -> new Sum(7)))
            .tool(Tool.named("nothing").handle((in, call) -> null))
            .tool(Tool.named("lies")
                    .outputSchema(JsonSchema.parse("{\"type\":\"object\",\"required\":[\"sum\"]}"))
                    .handle((in, call) -> Map.of("total", 7)))
            .tool(Tool.named("throws").handle((in, call) -> {
                throw new IllegalStateException("jdbc:postgresql://10.0.0.7 password=hunter2");
            }))
            .tool(Tool.named("overflows").handle((in, call) -> overflow(0)))
            .tool(Tool.named("refuses")
                    .handle((in, call) -> ToolOutcome.refused(new Refusal.Custom(7001, "On holiday", null, 200))))
            .tool(Tool.named("progress").handle((in, call) -> {
                call.progress(1, 3);
                call.progress(1, 3);
                call.progress(0.5, 3);
                call.progress(Double.NaN, 3);
                call.progress(1.5, Double.POSITIVE_INFINITY);
                call.progress(2, null, "nearly");
                call.progress(3, 3);
                return "done";
            }))
            .tool(Tool.named("logs").handle((in, call) -> {
                call.log(LoggingLevel.DEBUG, "db", "details");
                call.log(LoggingLevel.ERROR, null, Map.of("rows", 3));
                return "done";
            }))
            .tool(Tool.named("waits").handle((in, call) -> {
                started.countDown();
                try {
                    new CountDownLatch(1).await();
                    return "never";
                } catch (InterruptedException e) {
                    ended.set(e);
                    throw e;
                } finally {
                    handlerEnded.countDown();
                }
            }))
            .tool(Tool.named("trace")
                    .handle((in, call) -> call.context().traceparent().orElse("none") + " "
                            + call.context().tracestate().orElse("none") + " "
                            + call.context().baggage().orElse("none")))
            .build();
    private final TestClient client = TestClient.of(server);

    private static int overflow(int depth) {
        return overflow(depth + 1) + 1;
    }

    @Test
    void theServerSaysWhatItIsAndWhatItCan() {
        JsonNode discovered = client.result("server/discover", "{}");
        assertThat(discovered.path("supportedVersions")).isEqualTo(TestClient.json("['2026-07-28']"));
        assertThat(discovered.at("/capabilities/tools/listChanged").booleanValue())
                .isTrue();
        assertThat(discovered.at("/capabilities").has("prompts")).isFalse();
        assertThat(discovered.path("instructions").stringValue()).isEqualTo("Add things.");
        assertThat(discovered.at("/_meta/io.modelcontextprotocol~1serverInfo"))
                .isEqualTo(TestClient.json("{'name':'calculator','title':'Calculator','version':'1.0'}"));
    }

    @Test
    void whateverAHandlerReturnsBecomesAResult() {
        assertThat(client.text("add", "{'a':1,'b':2}")).isEqualTo("3");
        JsonNode sum = client.call("sum", "{'a':1,'b':2}").result();
        assertThat(sum.path("structuredContent")).isEqualTo(TestClient.json("{'sum':3}"));
        assertThat(sum.at("/content/0/text").stringValue()).isEqualTo("{\"sum\":3}");
        assertThat(client.call("blocks", "{}").result().path("content").size()).isEqualTo(2);
        assertThat(client.call("record", "{}").result().path("structuredContent"))
                .isEqualTo(TestClient.json("{'sum':7}"));
        assertThat(client.call("nothing", "{}").result().path("content").size()).isZero();
        assertThat(sum.at("/_meta/io.modelcontextprotocol~1serverInfo/name").stringValue())
                .isEqualTo("calculator");
    }

    @Test
    void badArgumentsAreAResultThatNamesThem() {
        JsonNode result =
                client.call("search", "{'query':3,'limit':51,'extra':true}").result();
        assertThat(result.path("isError").booleanValue()).isTrue();
        assertThat(result.at("/content/0/text").stringValue())
                .contains("/query")
                .contains("/limit")
                .contains("50")
                .contains("extra");
        assertThat(client.call("add", "{}").result().path("isError").booleanValue())
                .isTrue();
        assertThat(client.send("tools/call", "{'name':'add','arguments':[1]}")
                        .error()
                        .code())
                .isEqualTo(-32602);
    }

    @Test
    void schemasAreMadeFromRecords() {
        JsonNode tools = client.result("tools/list", "{}").path("tools");
        JsonNode search = tools.values().stream()
                .filter(tool -> tool.path("name").stringValue().equals("search"))
                .findFirst()
                .orElseThrow()
                .path("inputSchema");
        assertThat(search.at("/properties/query"))
                .isEqualTo(TestClient.json("{'type':'string','description':'What to look for'}"));
        assertThat(search.at("/properties/limit/maximum").intValue()).isEqualTo(50);
        assertThat(search.path("required")).isEqualTo(TestClient.json("['query','limit']"));
    }

    @Test
    void aHandlerThatFailsTellsTheModelAReferenceAndNoMore() {
        for (String tool : List.of("throws", "lies")) {
            Received received = client.call(tool, "{}");
            assertThat(received.result().path("isError").booleanValue()).isTrue();
            assertThat(received.result().at("/content/0/text").stringValue()).contains("Reference");
            assertThat(received.response().toString())
                    .doesNotContain("hunter2")
                    .doesNotContain("Exception")
                    .doesNotContain("total");
        }
    }

    @Test
    void evenAStackOverflowIsAnsweredAndTheNextCallWorks() {
        assertThat(client.call("overflows", "{}").error().code()).isEqualTo(-32603);
        assertThat(client.text("add", "{'a':1,'b':2}")).isEqualTo("3");
    }

    @Test
    void aHandlerMayAnswerWithAnErrorOfItsOwn() {
        assertThat(client.call("refuses", "{}").error().code()).isEqualTo(7001);
        assertThatThrownBy(() -> new Refusal.Custom(-32001, "reserved", null, 200))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-32768..-32000");
    }

    @Test
    void progressIncreasesAndGoesToThoseWhoAsked() {
        Received asked = client.send("tools/call", "{'name':'progress'}", "{'progressToken':'p1'}");
        assertThat(asked.notifications())
                .extracting(
                        notification -> notification.params().path("progress").doubleValue())
                .containsExactly(1.0, 1.5, 2.0, 3.0);
        assertThat(asked.notifications().get(1).params())
                .isEqualTo(TestClient.json("{'progressToken':'p1','progress':1.5}"));
        assertThat(asked.notifications().get(2).params())
                .isEqualTo(TestClient.json("{'progressToken':'p1','progress':2.0,'message':'nearly'}"));
        assertThat(client.call("progress", "{}").notifications()).isEmpty();
    }

    @Test
    void logMessagesGoToThoseWhoAskedForTheirLevel() {
        String level = "{'io.modelcontextprotocol/logLevel':'warning'}";
        assertThat(client.send("tools/call", "{'name':'logs'}", level).notifications())
                .singleElement()
                .satisfies(message -> {
                    assertThat(message.method()).isEqualTo("notifications/message");
                    assertThat(message.params()).isEqualTo(TestClient.json("{'level':'error','data':{'rows':3}}"));
                });
        assertThat(client.call("logs", "{}").notifications()).isEmpty();
        assertThat(client.send("tools/call", "{'name':'logs'}", "{'io.modelcontextprotocol/logLevel':'loud'}")
                        .error()
                        .code())
                .isEqualTo(-32602);
    }

    @Test
    void cancellingReachesTheHandler() throws Exception {
        try (Conversation conversation = client.open("tools/call", "{'name':'waits'}")) {
            started.await();
            conversation.cancel();
            handlerEnded.await();
        }
        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
    }

    @Test
    void aCallThatTheServerEndsIsAnswered() throws Exception {
        try (Conversation conversation = client.open("tools/call", "{'name':'waits'}")) {
            started.await();
            server.disconnect(caller -> true);
            Received received = conversation.end();
            assertThat(received.reply().status()).isEqualTo(503);
            assertThat(received.error().code()).isEqualTo(503);
        }
    }

    @Test
    void traceContextReachesTheHandler() {
        Received received = client.send(
                "tools/call", "{'name':'trace'}", "{'traceparent':'00-a-b-01','tracestate':'x=1','baggage':'k=v'}");
        assertThat(received.result().at("/content/0/text").stringValue()).isEqualTo("00-a-b-01 x=1 k=v");
    }

    @Test
    void whatIsNoRequestAtAllIsAnsweredWithItsCode() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        Map<String, Integer> bad = Map.ofEntries(
                Map.entry("", -32700),
                Map.entry("{", -32700),
                Map.entry("{} {}", -32700),
                Map.entry("nonsense", -32700),
                Map.entry("[]", -32600),
                Map.entry("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}]", -32600),
                Map.entry("7", -32600),
                Map.entry("{}", -32600),
                Map.entry("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"tools/list\"}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"tools/list\"}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"tools/list\"}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"tools/list\"}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1e99999999999,\"method\":\"tools/list\"}", -32700),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":[]}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"tools/list\"}", -32700),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}", -32600),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}", -32602),
                Map.entry("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":7}}", -32602),
                Map.entry("[".repeat(10_000), -32700),
                Map.entry("{\"a\":".repeat(10_000), -32700));
        bad.forEach((json, code) -> {
            Received received = wire.send(json);
            assertThat(received.error().code())
                    .as(json.substring(0, Math.min(80, json.length())))
                    .isEqualTo(code);
            assertThat(received.reply().status()).isEqualTo(400);
        });
        for (byte[] bytes : new byte[][] {
            "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16),
            "{}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
            {'"', (byte) 0xC3, '"'},
            {'"', (byte) 0xC0, (byte) 0x80, '"'},
            {'"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"'},
            {0}
        }) {
            assertThat(wire.send(bytes).error().code()).isEqualTo(-32700);
        }
        assertThat(client.text("add", "{'a':1,'b':2}")).isEqualTo("3");
    }

    @Test
    void anUnknownVersionIsNamedWhateverElseItsRequestsCarry() {
        Received received = InMemoryTransport.to(server::handle)
                .send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\",\"params\":{\"_meta\":"
                        + "{\"io.modelcontextprotocol/protocolVersion\":\"2031-01-01\"}}}");
        assertThat(received.error().code()).isEqualTo(-32022);
        assertThat(received.error().data())
                .isEqualTo(TestClient.json("{'supported':['2026-07-28'],'requested':'2031-01-01'}"));
        assertThat(received.reply().status()).isEqualTo(400);
    }

    @Test
    void whatIsRepeatedToThePeerIsCutWhereACharacterEnds() {
        String name = "a".repeat(127) + "😀".repeat(10);
        assertThat(client.call(name, "{}").error().message()).isEqualTo("Unknown tool: " + "a".repeat(127) + "…");
        assertThat(client.send("x\\n" + name, "{}").error().message()).hasSizeLessThan(200);
    }

    @Test
    void unpairedSurrogatesAreRefusedBecauseNobodyCouldSendThemBack() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        Received received = wire.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}");
        assertThat(received.error().code()).isEqualTo(-32700);
    }

    @Test
    void aNotificationIsAcceptedWithoutAnAnswer() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        Received received = wire.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/whatever\"}");
        assertThat(received.reply().status()).isEqualTo(202);
        assertThat(received.reply().message()).isNull();
    }

    @Test
    void aLegacyClientLearnsWhyItsInitializeFails() {
        McpServer modernOnly = McpServer.builder("test", "1.0")
                .legacyClients(LegacyClients.refused())
                .build();
        InMemoryTransport wire = InMemoryTransport.to(modernOnly::handle);
        Received received = wire.send(
                "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\"}}");
        assertThat(received.response()).isInstanceOf(Message.Failure.class);
        assertThat(received.error().message()).contains("2026-07-28");
    }
}
