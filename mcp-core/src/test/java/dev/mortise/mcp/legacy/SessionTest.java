package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.JsonSchema;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ResourceLink;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.InMemoryEventStore;
import dev.mortise.mcp.store.InMemorySessionStore;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Received;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What begins with {@code initialize}, over HTTP. */
class SessionTest {
    record Add(int a, int b) {}

    record Sum(int sum) {}

    private static McpServerBuilder builder() {
        return McpServer.builder("legacy", "1.0")
                .instructions("Add.")
                .tool(Tool.of("add", "Adds", Add.class, in -> in.a() + in.b()))
                .tool(Tool.named("sum")
                        .description("Adds")
                        .input(Add.class)
                        .output(Sum.class)
                        .handle((in, call) -> new Sum(in.a() + in.b())))
                .tool(Tool.named("numbers")
                        .description("Lists numbers")
                        .outputSchema(JsonSchema.parse("{\"type\":\"array\"}"))
                        .handle((in, call) -> new int[] {1, 2}))
                .tool(Tool.named("link")
                        .description("Links")
                        .handle((in, call) -> ResourceLink.to(
                                ResourceDefinition.builder("docs:///a", "a").build())))
                .resource(Resource.text("docs:///a", "a", "text/plain", "A"));
    }

    @ParameterizedTest
    @CsvSource({
        "2025-11-25, 2025-11-25",
        "2025-06-18, 2025-06-18",
        "2025-03-26, 2025-03-26",
        "2024-11-05, 2024-11-05",
        "2023-01-01, 2025-11-25",
        "2026-07-28, 2025-11-25"
    })
    void negotiatesTheRevision(String wanted, String agreed) {
        Received received = LegacyClient.of(builder().build()).initialize(wanted, "{}");

        assertThat(received.result().path("protocolVersion").stringValue()).isEqualTo(agreed);
        assertThat(received.result().at("/serverInfo/name").stringValue()).isEqualTo("legacy");
        assertThat(received.result().at("/instructions").stringValue()).isEqualTo("Add.");
        assertThat(received.result().at("/capabilities/resources/subscribe").asBoolean(false))
                .isTrue();
        assertThat(received.result().has("resultType")).isFalse();
        assertThat(received.reply().headers().get("Mcp-Session-Id")).matches("[!-~]{22}");
    }

    @Test
    void callsAreAnsweredWithoutWhatOnlyModernClientsKnow() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-11-25", "{}");

        assertThat(client.text("add", "{'a':1,'b':2}")).isEqualTo("3");
        JsonNode lists = client.send("tools/list", "{}").result();
        assertThat(lists.propertyNames()).containsExactly("tools");
        JsonNode read = client.send("resources/read", "{'uri':'docs:///a'}").result();
        assertThat(read.propertyNames()).containsExactly("contents");
        assertThat(client.send("ping", "{}").result().isEmpty()).isTrue();
    }

    @Test
    void structuresAreObjectsOrNotThere() {
        McpServer server = builder().build();
        LegacyClient knows = LegacyClient.of(server).begin("2025-06-18", "{}");
        LegacyClient knowsNot = LegacyClient.of(server).begin("2025-03-26", "{}");

        assertThat(knows.call("sum", "{'a':1,'b':2}")
                        .end()
                        .result()
                        .at("/structuredContent/sum")
                        .asInt(0))
                .isEqualTo(3);
        assertThat(knowsNot.call("sum", "{'a':1,'b':2}").end().result().has("structuredContent"))
                .isFalse();
        assertThat(knows.call("numbers", "{}").end().result().has("structuredContent"))
                .isFalse();
        assertThat(knows.text("numbers", "{}")).isEqualTo("[1,2]");
        JsonNode tools = knows.send("tools/list", "{}").result().path("tools");
        assertThat(tools.findValue("outputSchema").path("type").asString("")).isEqualTo("object");
        assertThat(tools.findValues("outputSchema")).hasSize(1);
        assertThat(knowsNot.send("tools/list", "{}").result().findValues("outputSchema"))
                .isEmpty();
        assertThat(knows.call("link", "{}").end().result().at("/content/0/type").stringValue())
                .isEqualTo("resource_link");
        assertThat(knowsNot.text("link", "{}")).isEqualTo("a: docs:///a");
    }

    @Test
    void errorsComeWithStatus200AndTheirOldCodes() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-06-18", "{}");

        Received unknown = client.send("no/such", "{}");
        assertThat(unknown.error().code()).isEqualTo(-32601);
        assertThat(unknown.reply().status()).isEqualTo(200);
        assertThat(client.send("server/discover", "{}").error().code()).isEqualTo(-32601);
        assertThat(client.send("subscriptions/listen", "{}").error().code()).isEqualTo(-32601);
        Received missing = client.send("resources/read", "{'uri':'docs:///none'}");
        assertThat(missing.error().code()).isEqualTo(-32002);
        assertThat(missing.reply().status()).isEqualTo(200);
        assertThat(client.send("logging/setLevel", "{'level':'loud'}").error().code())
                .isEqualTo(-32602);
    }

    @Test
    void aSessionIsGoneAfterDelete() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-11-25", "{}");

        assertThat(client.delete().reply().status()).isEqualTo(204);
        assertThat(client.send("tools/list", "{}").reply().status()).isEqualTo(404);
        assertThat(client.delete().reply().status()).isEqualTo(404);
        assertThat(client.get().end().reply().status()).isEqualTo(404);
        assertThat(client.post("{'jsonrpc':'2.0','method':'notifications/initialized'}")
                        .reply()
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aSessionIsItsCallersOwn() {
        McpServer server = builder()
                .authenticator(origin -> Authenticator.admit(
                        Caller.of(((HttpHead) origin).header("X-User").orElse("nobody"))))
                .build();
        LegacyClient alice = LegacyClient.of(server).with("X-User", "alice").begin("2025-11-25", "{}");

        assertThat(alice.send("ping", "{}").reply().status()).isEqualTo(200);
        assertThat(alice.with("X-User", "bob").send("ping", "{}").reply().status())
                .isEqualTo(404);
        assertThat(alice.with("X-User", "bob").delete().reply().status()).isEqualTo(404);
        assertThat(alice.send("ping", "{}").reply().status()).isEqualTo(200);
        server.disconnect(caller -> caller.subject().equals("alice"));
        assertThat(alice.send("ping", "{}").reply().status()).isEqualTo(404);
    }

    @Test
    void whatTheHeadSaysHasToFit() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-11-25", "{}");

        assertThat(client.with("MCP-Protocol-Version", "1999-01-01")
                        .send("ping", "{}")
                        .reply()
                        .status())
                .isEqualTo(400);
        assertThat(client.with("Mcp-Session-Id", "made-up-made-up-made-u")
                        .send("ping", "{}")
                        .reply()
                        .status())
                .isEqualTo(404);
        LegacyClient without = LegacyClient.of(builder().build());
        assertThat(without.with("MCP-Protocol-Version", "2025-06-18")
                        .send("ping", "{}")
                        .reply()
                        .status())
                .isEqualTo(400);
        assertThat(without.send("tools/list", "{}").reply().status()).isEqualTo(400);
        assertThat(without.get().end().reply().status()).isEqualTo(400);
        assertThat(client.with("Last-Event-ID", "nonsense").get().end().reply().status())
                .isEqualTo(400);
        assertThat(without.send("initialize", "{'capabilities':{}}").reply().status())
                .isEqualTo(400);
    }

    @Test
    void noMessageOfAnUnknownRevisionIsTaken() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-03-26", "{}");
        LegacyClient odd = client.with("MCP-Protocol-Version", "1999-01-01");
        LegacyClient without = LegacyClient.of(builder().build()).with("MCP-Protocol-Version", "1999-01-01");
        String notification = "{'jsonrpc':'2.0','method':'notifications/initialized'}";
        for (String message : List.of(
                notification, "{'jsonrpc':'2.0','id':1,'result':{}}", "[{'jsonrpc':'2.0','id':1,'method':'ping'}]")) {
            assertThat(odd.post(message).reply().status()).isEqualTo(400);
        }
        assertThat(without.post(notification).reply().status()).isEqualTo(400);
        assertThat(odd.delete().reply().status()).isEqualTo(400);
        assertThat(client.send("ping", "{}").reply().status()).isEqualTo(200);
    }

    @Test
    void aSessionThatIsNotUsedExpires() {
        Ticking clock = new Ticking();
        McpServer server = builder()
                .clock(clock)
                .legacyClients(LegacyClients.withSessions().idleTimeout(Duration.ofMinutes(10)))
                .build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        for (int i = 0; i < 5; i++) {
            clock.now = clock.now.plus(Duration.ofMinutes(8));
            assertThat(client.send("ping", "{}").reply().status()).isEqualTo(200);
        }
        clock.now = clock.now.plus(Duration.ofMinutes(11));
        assertThat(client.send("ping", "{}").reply().status()).isEqualTo(404);
    }

    @Test
    void aFloodOfSessionsLeavesThoseInUseAlone() {
        InMemorySessionStore store = new InMemorySessionStore(1_000, 100, Clock.systemUTC());
        McpServer server = builder()
                .legacyClients(
                        LegacyClients.withSessions().stores(store, new InMemoryEventStore(100, 100_000, 1_000_000)))
                .build();
        LegacyClient old = LegacyClient.of(server).begin("2025-11-25", "{}");
        List<LegacyClient> waiting = List.of(LegacyClient.of(server).from("198.51.100.7"));
        for (int i = 0; i < 5_000; i++) {
            LegacyClient.of(server).from("203.0.113." + i % 5).initialize("2025-11-25", "{}");
        }
        assertThat(store.size()).isLessThanOrEqualTo(101);
        assertThat(old.send("ping", "{}").reply().status()).isEqualTo(200);
        LegacyClient late = waiting.get(0).begin("2025-11-25", "{}");
        assertThat(late.send("ping", "{}").reply().status()).isEqualTo(200);
    }

    @Test
    void sessionsOfOneAddressDisplaceEachOtherOnly() {
        InMemorySessionStore store = new InMemorySessionStore(100, 3, Clock.systemUTC());
        McpServer server = builder()
                .legacyClients(
                        LegacyClients.withSessions().stores(store, new InMemoryEventStore(100, 100_000, 1_000_000)))
                .build();
        LegacyClient neighbour = LegacyClient.of(server).from("198.51.100.7").begin("2025-11-25", "{}");
        LegacyClient first = LegacyClient.of(server).begin("2025-11-25", "{}");
        LegacyClient second = LegacyClient.of(server).begin("2025-11-25", "{}");
        for (int i = 0; i < 2; i++) {
            LegacyClient.of(server).begin("2025-11-25", "{}");
        }
        assertThat(first.send("ping", "{}").reply().status()).isEqualTo(404);
        assertThat(second.send("ping", "{}").reply().status()).isEqualTo(200);
        assertThat(neighbour.send("ping", "{}").reply().status()).isEqualTo(200);
        LegacyClient six = LegacyClient.of(server).from("2001:db8::1").begin("2025-11-25", "{}");
        for (int i = 2; i < 6; i++) {
            LegacyClient.of(server).from("2001:db8::" + i + ":1").begin("2025-11-25", "{}");
        }
        assertThat(six.send("ping", "{}").reply().status()).isEqualTo(404);
        assertThat(neighbour.send("ping", "{}").reply().status()).isEqualTo(200);
    }

    @Test
    void withoutSessionsEveryRequestStandsForItself() {
        McpServer server = builder().legacyClients(LegacyClients.stateless()).build();
        LegacyClient client = LegacyClient.of(server);

        Received hello = client.initialize("2025-06-18", "{'elicitation':{}}");
        assertThat(hello.reply().headers()).doesNotContainKey("Mcp-Session-Id");
        assertThat(hello.result().at("/capabilities/resources").isEmpty()).isTrue();
        assertThat(client.with("MCP-Protocol-Version", "2025-06-18").text("add", "{'a':1,'b':2}"))
                .isEqualTo("3");
        assertThat(client.text("add", "{'a':1,'b':2}")).isEqualTo("3");
        assertThat(client.get().end().reply().status()).isEqualTo(405);
        assertThat(client.delete().reply().status()).isEqualTo(405);
    }

    @Test
    void legacyClientsCanBeRefused() {
        McpServer server = builder().legacyClients(LegacyClients.refused()).build();
        LegacyClient client = LegacyClient.of(server);

        Received hello = client.initialize("2025-06-18", "{}");
        assertThat(hello.reply().status()).isEqualTo(400);
        assertThat(hello.error().message()).contains("2026-07-28");
        assertThat(client.get().end().reply().status()).isEqualTo(405);
        assertThat(client.get().end().reply().headers()).containsEntry("Allow", "OPTIONS, POST");
    }

    @Test
    void severalMessagesComeAtOnceInOneRevisionOnly() {
        McpServer server = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-03-26", "{}");
        String batch = "[{'jsonrpc':'2.0','id':1,'method':'ping'},{'jsonrpc':'2.0','method':'notifications/progress'},"
                + "{'jsonrpc':'2.0','id':2,'method':'no/such'},5,{'jsonrpc':'2.0','id':3,'method':'initialize'}]";

        var conversation = client.openPost(batch);
        conversation.end();
        assertThat(conversation.responses()).hasSize(4);
        assertThat(conversation.responses().toString()).contains("-32601", "-32600", "initialize stands alone");
        assertThat(client.post("[{'jsonrpc':'2.0','method':'notifications/progress'}]")
                        .reply()
                        .status())
                .isEqualTo(202);
        LegacyClient newer = LegacyClient.of(server).begin("2025-06-18", "{}");
        assertThat(newer.post(batch).reply().status()).isEqualTo(400);
        assertThat(newer.post(batch).error().message()).contains("Batches");
        assertThat(client.post("[]").reply().status()).isEqualTo(400);
    }

    /** A clock that a test moves. */
    private static final class Ticking extends Clock {
        volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
