package dev.mortise.mcp.legacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Settlement;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.json.Title;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.schema.CreateMessageRequestParams;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.schema.Role;
import dev.mortise.mcp.schema.SamplingMessage;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.store.InMemorySessionStore;
import dev.mortise.mcp.transport.Conversation;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The questions of handlers, put to legacy clients. */
class AskingTest {
    private static final String ALL = "{'elicitation':{'form':{},'url':{}},'sampling':{},'roots':{}}";

    record Yes(boolean yes) {}

    /** A size. */
    public enum Size {
        @Title("Small one")
        small,
        @Title("Large one")
        large
    }

    record Order(Size size, Set<Size> extras) {}

    private static final Question<Yes> SURE = Question.consent("sure", Yes.class, "Sure?");
    private static final Question<Yes> REALLY = Question.form("really", Yes.class, "Really?");
    private static final Question<Order> ORDER = Question.form("order", Order.class, "What?");
    private static final Question<URI> PAGE = Question.url("page", "Sign in", URI.create("https://example.com/in"));
    private static final Question<ListRootsResult> ROOTS = Question.roots("roots");
    private static final Question<CreateMessageResult> MODEL = Question.sampling(
            "model",
            CreateMessageRequestParams.builder(
                            List.of(SamplingMessage.of(Role.USER, TextContent.of("a"), TextContent.of("b"))), 10)
                    .build());

    private final AtomicInteger runs = new AtomicInteger();
    private final Queue<String> money = new ConcurrentLinkedQueue<>();

    private McpServerBuilder builder() {
        Settlement settlement = new Settlement() {
            @Override
            public String name() {
                return "money";
            }

            @Override
            public String suspend(String token) {
                money.add("suspended");
                return token;
            }

            @Override
            public void settle(String token, Ending ending) {
                money.add(ending.name());
            }
        };
        return McpServer.builder("legacy", "1.0")
                .settlement(settlement)
                .shutdownGrace(Duration.ofSeconds(2))
                .intercept(Stage.OBSERVE, (call, chain) -> {
                    money.add("observed");
                    return chain.proceed(call);
                })
                .intercept(Stage.METER, (call, chain) -> {
                    money.add("reserved");
                    call.attach(settlement, "token");
                    return chain.proceed(call);
                })
                .tool(Tool.named("delete").description("Deletes").handle((in, call) -> {
                    runs.incrementAndGet();
                    return switch (call.answer(SURE)) {
                        case Answer.Accepted<Yes> ok ->
                            call.answer(REALLY) instanceof Answer.Accepted<Yes>
                                    ? ToolOutcome.done("deleted in round " + call.once("x", String.class, () -> "1"))
                                    : ToolOutcome.ask(REALLY);
                        case Answer.Declined<Yes> no -> ToolOutcome.failed("declined");
                        case Answer.Cancelled<Yes> no -> ToolOutcome.failed("dismissed");
                        case Answer.Missing<Yes> none -> ToolOutcome.ask(SURE);
                    };
                }))
                .tool(asking("order", ORDER))
                .tool(asking("page", PAGE))
                .tool(asking("roots", ROOTS))
                .tool(asking("model", MODEL));
    }

    private static <T> Tool asking(String name, Question<T> question) {
        return Tool.named(name)
                .description("Asks")
                .handle((in, call) -> call.answer(question) instanceof Answer.Accepted<T> ok
                        ? ToolOutcome.done("got " + ok.value())
                        : ToolOutcome.ask(question));
    }

    private static String text(Conversation call) {
        return call.end().result().at("/content/0/text").stringValue();
    }

    @Test
    void roundsAreRequestsOfTheServer() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-11-25", ALL);
        money.clear();
        Conversation call = client.call("delete", "{}");
        Message.Request first = call.nextRequest();
        assertThat(first.method()).isEqualTo("elicitation/create");
        assertThat(first.params().path("message").stringValue()).isEqualTo("Sure?");
        assertThat(client.answer(first, "{'action':'accept','content':{'yes':true}}")
                        .reply()
                        .status())
                .isEqualTo(202);
        Message.Request second = call.nextRequest();
        assertThat(second.params().path("message").stringValue()).isEqualTo("Really?");
        client.answer(second, "{'action':'accept','content':{'yes':true}}");

        assertThat(text(call)).isEqualTo("deleted in round 1");
        assertThat(runs).hasValue(3);
        assertThat(money)
                .containsExactly("observed", "reserved", "suspended", "reserved", "suspended", "reserved", "COMPLETED");
    }

    @Test
    void whoWasSentToAPageHearsWhenItIsDone() {
        McpServer server = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", ALL);
        LegacyClient other = LegacyClient.of(server).begin("2025-11-25", ALL);
        try (Conversation told = client.listen();
                Conversation bystander = other.listen()) {
            Conversation call = client.call("page", "{}");
            Message.Request asked = call.nextRequest();
            String id = asked.params().path("elicitationId").stringValue();
            server.events().pageCompleted(URI.create("https://example.com/other"));
            server.events().pageCompleted(URI.create("https://example.com/in"));
            Message.Notification done = told.next();
            assertThat(done.method()).isEqualTo("notifications/elicitation/complete");
            assertThat(done.params().path("elicitationId").stringValue()).isEqualTo(id);
            client.answer(asked, "{'action':'accept'}");
            call.end();
            // Once only, and to nobody else.
            server.events().pageCompleted(URI.create("https://example.com/in"));
            server.events().toolsChanged();
            assertThat(told.next().method()).isEqualTo("notifications/tools/list_changed");
            assertThat(bystander.next().method()).isEqualTo("notifications/tools/list_changed");
        }
        server.close();
    }

    @Test
    void noIsAnAnswer() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-06-18", ALL);
        Conversation call = client.call("delete", "{}");
        client.answer(call.nextRequest(), "{'action':'decline'}");
        assertThat(text(call)).isEqualTo("declined");
        call = client.call("delete", "{}");
        client.answer(call.nextRequest(), "{'action':'cancel'}");
        assertThat(text(call)).isEqualTo("dismissed");
    }

    @Test
    void anErrorEndsTheCallAndTellsWhy() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-11-25", ALL);
        Conversation call = client.call("model", "{}");
        Message.Request asked = call.nextRequest();
        client.post(new String(
                MessageCodec.encode(new Message.Failure(asked.id(), JsonRpcError.of(-1, "User rejected it"))),
                StandardCharsets.UTF_8));
        assertThat(call.end().error().message()).contains("sampling/createMessage", "User rejected it");
        assertThat(money).contains("suspended", "REFUSED");
    }

    @Test
    void whatTheClientCannotDoIsNotAsked() {
        McpServer server = builder().build();
        assertThat(LegacyClient.of(server)
                        .begin("2025-11-25", "{}")
                        .call("delete", "{}")
                        .end()
                        .error()
                        .message())
                .contains("elicitation");
        // The revision has no such thing, whatever the client says.
        assertThat(LegacyClient.of(server)
                        .begin("2025-03-26", ALL)
                        .call("delete", "{}")
                        .end()
                        .error()
                        .message())
                .contains("elicitation");
        assertThat(LegacyClient.of(server)
                        .begin("2025-06-18", ALL)
                        .call("page", "{}")
                        .end()
                        .error()
                        .message())
                .contains("elicitation");
    }

    @Test
    void timeRunsOut() {
        McpServer server = builder().stateTtl(Duration.ofMillis(50)).build();
        Conversation call = LegacyClient.of(server).begin("2025-11-25", ALL).call("delete", "{}");
        Message.Request asked = call.nextRequest();
        assertThat(call.end().error().code()).isEqualTo(408);
        assertThat(call.notifications().get(0).method()).isEqualTo("notifications/cancelled");
        assertThat(call.notifications().get(0).params().path("requestId").stringValue())
                .isEqualTo(asked.id().toString());
    }

    @Test
    void theEndOfTheSessionEndsTheWait() {
        LegacyClient client = LegacyClient.of(builder().build()).begin("2025-11-25", ALL);
        Conversation call = client.call("delete", "{}");
        call.nextRequest();
        client.delete();
        call.end();
        await(() -> money.contains("CANCELLED") || money.contains("REFUSED"));
    }

    @Test
    void theEndOfTheServerEndsTheWait() {
        McpServer server = builder().build();
        Conversation call = LegacyClient.of(server).begin("2025-11-25", ALL).call("delete", "{}");
        call.nextRequest();
        server.close();
        call.end();
        await(() -> money.contains("CANCELLED") || money.contains("REFUSED"));
    }

    @Test
    void theAnswerMayComeToAnotherReplica() {
        InMemorySessionStore sessions = new InMemorySessionStore(100, 100, Clock.systemUTC());
        LegacyClients shared = LegacyClients.withSessions()
                .stores(sessions, new SharedEvents())
                .pollInterval(Duration.ofMillis(10));
        McpServer one = builder().legacyClients(shared).build();
        McpServer other = builder().legacyClients(shared).build();
        LegacyClient client = LegacyClient.of(one).begin("2025-11-25", ALL);
        Conversation call = client.call("delete", "{}");
        client.at(other).answer(call.nextRequest(), "{'action':'accept','content':{'yes':true}}");
        client.at(other).answer(call.nextRequest(), "{'action':'accept','content':{'yes':true}}");
        assertThat(text(call)).isEqualTo("deleted in round 1");
    }

    @Test
    void theEndOfTheSessionElsewhereEndsTheWait() {
        InMemorySessionStore sessions = new InMemorySessionStore(100, 100, Clock.systemUTC());
        LegacyClients shared = LegacyClients.withSessions()
                .stores(sessions, new SharedEvents())
                .pollInterval(Duration.ofMillis(10));
        McpServer one = builder().legacyClients(shared).build();
        McpServer other = builder().legacyClients(shared).build();
        LegacyClient client = LegacyClient.of(one).begin("2025-11-25", ALL);
        Conversation call = client.call("delete", "{}");
        call.nextRequest();
        client.at(other).delete();
        call.end();
        await(() -> money.contains("CANCELLED") || money.contains("REFUSED"));
    }

    @Test
    void formsAreInTheWordsOfTheRevision() {
        McpServer server = builder().build();
        LegacyClient newer = LegacyClient.of(server).begin("2025-11-25", ALL);
        Conversation call = newer.call("order", "{}");
        Message.Request asked = call.nextRequest();
        JsonNode form = asked.params().path("requestedSchema").path("properties");
        assertThat(form.at("/size/oneOf/0/title").stringValue()).isEqualTo("Small one");
        assertThat(form.at("/extras/type").stringValue()).isEqualTo("array");
        newer.answer(asked, "{'action':'accept','content':{'size':'small','extras':['large']}}");
        assertThat(text(call)).isEqualTo("got Order[size=small, extras=[large]]");

        LegacyClient older = LegacyClient.of(server).begin("2025-06-18", ALL);
        call = older.call("order", "{}");
        asked = call.nextRequest();
        form = asked.params().path("requestedSchema").path("properties");
        assertThat(form.at("/size/enum/0").stringValue()).isEqualTo("small");
        assertThat(form.at("/size/enumNames/0").stringValue()).isEqualTo("Small one");
        assertThat(form.at("/size").has("oneOf")).isFalse();
        assertThat(form.path("extras.large").path("type").stringValue()).isEqualTo("boolean");
        assertThat(asked.params().has("mode")).isFalse();
        older.answer(asked, "{'action':'accept','content':{'size':'small','extras.large':true,'extras.small':false}}");
        assertThat(text(call)).isEqualTo("got Order[size=small, extras=[large]]");
    }

    @Test
    void pagesModelsAndRoots() {
        McpServer server = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", ALL);
        Conversation call = client.call("page", "{}");
        Message.Request asked = call.nextRequest();
        assertThat(asked.params().path("mode").stringValue()).isEqualTo("url");
        assertThat(asked.params().path("elicitationId").stringValue()).isNotEmpty();
        client.answer(asked, "{'action':'accept'}");
        assertThat(text(call)).isEqualTo("got https://example.com/in");

        call = client.call("roots", "{}");
        asked = call.nextRequest();
        assertThat(asked.method()).isEqualTo("roots/list");
        client.answer(asked, "{'roots':[{'uri':'file:///x'}]}");
        assertThat(text(call)).contains("file:///x");

        LegacyClient older = LegacyClient.of(server).begin("2025-03-26", ALL);
        call = older.call("model", "{}");
        asked = call.nextRequest();
        // One content for each message, before 2025-11-25.
        assertThat(asked.params().path("messages")).hasSize(2);
        assertThat(asked.params().at("/messages/1/content/text").stringValue()).isEqualTo("b");
        older.answer(asked, "{'role':'assistant','content':{'type':'text','text':'c'},'model':'m'}");
        assertThat(text(call)).contains("text=c");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.yield();
        }
    }
}
