package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.StdioTransport;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Legacy clients whose connection is their session: in memory and over streams. */
@Timeout(30)
class ConnectionTest {
    record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");

    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final McpServer server = server(LegacyClients.withSessions());

    private McpServer server(LegacyClients clients) {
        return McpServer.builder("legacy", "1.0")
                .legacyClients(clients)
                .resource(Resource.text("docs:///a", "a", "text/plain", "A"))
                .tool(Tool.named("greet").description("Greets").handle((in, call) -> {
                    if (call.answer(NAME) instanceof Answer.Accepted<Name> ok) {
                        return ToolOutcome.done("Hello " + ok.value().name());
                    }
                    return ToolOutcome.ask(NAME);
                }))
                .tool(Tool.named("wait").description("Waits").handle((in, call) -> {
                    call.cancellation().onCancel(cancelled::countDown);
                    call.progress(1, 2);
                    new CountDownLatch(1).await();
                    return "never";
                }))
                .build();
    }

    private static String request(int id, String method, String params) {
        return ("{'jsonrpc':'2.0','id':" + id + ",'method':'" + method + "','params':" + params + "}")
                .replace('\'', '"');
    }

    private static String hello(String version) {
        return request(
                1,
                "initialize",
                LegacyClient.hello(version, "{'elicitation':{}}").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"})
    void aConnectionIsASession(String version) {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);

        assertThat(wire.send(hello(version)).result().path("protocolVersion").stringValue())
                .isEqualTo(version);
        wire.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
        assertThat(wire.send(request(2, "tools/list", "{}")).result().propertyNames())
                .containsExactly("tools");
        assertThat(wire.send(request(3, "ping", "{}")).result().isEmpty()).isTrue();
    }

    @Test
    void withoutInitializeRequestsAreModern() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);

        assertThat(wire.send(request(2, "tools/list", "{}")).error().message()).contains("_meta");
        assertThat(wire.send(request(3, "ping", "{}")).result().isEmpty()).isTrue();
        assertThat(InMemoryTransport.to(server(LegacyClients.refused())::handle)
                        .send(hello("2025-06-18"))
                        .error()
                        .message())
                .contains("2026-07-28");
    }

    @Test
    void theClientIsAskedAndToldThings() {
        InMemoryTransport wire = InMemoryTransport.to(server(LegacyClients.stateless())::handle);
        wire.send(hello("2025-06-18"));
        Conversation call = wire.open(request(2, "tools/call", "{'name':'greet'}"));
        Message.Request asked = call.nextRequest();
        wire.send(MessageCodec.encode(
                Message.Result.of(asked.id(), LegacyClient.json("{'action':'accept','content':{'name':'Ada'}}"))));
        assertThat(call.end().result().at("/content/0/text").stringValue()).isEqualTo("Hello Ada");
    }

    @Test
    void changesAreToldUnasked() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        wire.send(hello("2025-06-18"));
        wire.send(request(2, "resources/subscribe", "{'uri':'docs:///a'}"));
        server.events().resourceUpdated("docs:///b");
        server.events().resourceUpdated("docs:///a");
        Message told = wire.unasked();
        assertThat(told).isInstanceOf(Message.Notification.class);
        assertThat(((Message.Notification) told).params().path("uri").stringValue())
                .isEqualTo("docs:///a");
        wire.disconnect();
        server.events().toolsChanged();
        InMemoryTransport patient = wire.within(Duration.ofMillis(50));
        assertThatThrownBy(patient::unasked).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whoBeginsAnewIsToldThingsOnce() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        for (int i = 0; i < 3; i++) {
            wire.send(hello("2025-06-18"));
        }
        // Each in turn: what was told twice would come between.
        for (int i = 0; i < 20; i++) {
            server.events().toolsChanged();
            assertThat(((Message.Notification) wire.unasked()).method()).isEqualTo("notifications/tools/list_changed");
            server.events().resourcesChanged();
            assertThat(((Message.Notification) wire.unasked()).method())
                    .isEqualTo("notifications/resources/list_changed");
        }
    }

    @Test
    void theEndOfTheConnectionEndsTheWait() {
        InMemoryTransport wire = InMemoryTransport.to(server::handle);
        wire.send(hello("2025-06-18"));
        Conversation call = wire.open(request(2, "tools/call", "{'name':'greet'}"));
        call.nextRequest();
        wire.disconnect();
        assertThat(call.end().error().message()).contains("ended");
    }

    @Test
    void overStreams() throws Exception {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        try (OutputStream toServer = Channels.newOutputStream(there.sink());
                BufferedReader lines = new BufferedReader(Channels.newReader(back.source(), StandardCharsets.UTF_8))) {
            Thread serving = Thread.ofPlatform()
                    .start(() -> StdioTransport.builder(server::handle)
                            .streams(Channels.newInputStream(there.source()), Channels.newOutputStream(back.sink()))
                            .build()
                            .run());
            write(toServer, hello("2025-03-26"));
            assertThat(read(lines).at("/result/protocolVersion").stringValue()).isEqualTo("2025-03-26");
            write(toServer, "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

            // A batch is answered by a batch.
            write(toServer, "[" + request(2, "ping", "{}") + "," + request(3, "no/such", "{}") + "]");
            JsonNode batch = read(lines);
            assertThat(batch.isArray()).isTrue();
            assertThat(batch).hasSize(2);

            // One of a batch can be cancelled.
            write(
                    toServer,
                    "["
                            + request(4, "tools/call", "{'name':'wait','_meta':{'progressToken':'p'}}")
                            + "," + request(5, "ping", "{}") + "]");
            assertThat(read(lines).path("method").stringValue()).isEqualTo("notifications/progress");
            write(
                    toServer,
                    "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":4}}");
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            batch = read(lines);
            assertThat(batch).hasSize(1);
            assertThat(batch.at("/0/id").asInt(0)).isEqualTo(5);
            toServer.close();
            serving.join();
        }
    }

    /** As a script does it: everything at once. */
    @RepeatedTest(20)
    void whatIsWrittenBehindInitializeBelongsToItsSession() throws Exception {
        ByteArrayOutputStream back = new ByteArrayOutputStream();
        String lines = hello("2025-06-18") + '\n' + "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n"
                + request(2, "resources/read", "{'uri':'docs:///a'}") + '\n';
        StdioTransport.builder(server::handle)
                .streams(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), back)
                .build()
                .run();
        List<JsonNode> answers = back.toString(StandardCharsets.UTF_8)
                .lines()
                .map(LegacyClient::json)
                .map(JsonNode.class::cast)
                .toList();
        assertThat(answers).extracting(answer -> answer.path("id").asInt(0)).containsExactly(1, 2);
        assertThat(answers.get(1).at("/result/contents/0/text").asString("")).isEqualTo("A");
    }

    @Test
    void overStreamsTheUserIsAsked() throws Exception {
        Pipe there = Pipe.open();
        Pipe back = Pipe.open();
        try (OutputStream toServer = Channels.newOutputStream(there.sink());
                BufferedReader lines = new BufferedReader(Channels.newReader(back.source(), StandardCharsets.UTF_8))) {
            Thread serving = Thread.ofPlatform()
                    .start(() -> StdioTransport.builder(server::handle)
                            .streams(Channels.newInputStream(there.source()), Channels.newOutputStream(back.sink()))
                            .build()
                            .run());
            write(toServer, hello("2025-06-18"));
            read(lines);
            write(toServer, request(2, "tools/call", "{'name':'greet'}"));
            JsonNode asked = read(lines);
            assertThat(asked.path("method").stringValue()).isEqualTo("elicitation/create");
            write(
                    toServer,
                    "{\"jsonrpc\":\"2.0\",\"id\":" + asked.path("id")
                            + ",\"result\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}");
            assertThat(read(lines).at("/result/content/0/text").stringValue()).isEqualTo("Hello Ada");
            write(toServer, "[" + request(3, "ping", "{}") + "]");
            assertThat(read(lines).at("/error/message").stringValue()).contains("Batches");

            // The input ends while the user is asked: the call ends, too.
            write(toServer, request(4, "tools/call", "{'name':'greet'}"));
            read(lines);
            toServer.close();
            assertThat(read(lines).at("/error/message").stringValue()).contains("ended");
            serving.join();
        }
    }

    private static void write(OutputStream out, String line) throws Exception {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static JsonNode read(BufferedReader lines) throws Exception {
        return Json.parse(String.valueOf(lines.readLine()));
    }
}
