package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.server.Prompt;
import dev.mortise.mcp.server.PromptOutcome;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.Received;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListenTest {
    private static final String ALL = "{'notifications':{'toolsListChanged':true,'promptsListChanged':true,"
            + "'resourcesListChanged':true,'resourceSubscriptions':['doc:///a']}}";
    private static final String ID = "io.modelcontextprotocol/subscriptionId";

    private static McpServerBuilder builder() {
        return McpServer.builder("test", "1")
                .tool(Tool.named("a").handle((in, call) -> "a"))
                .prompt(Prompt.named("a").handle(call -> PromptOutcome.text("a")))
                .resource(Resource.text("doc:///a", "a", "text/plain", "a"));
    }

    private final McpServer server = builder().build();
    private final TestClient client = TestClient.of(server);

    private static Conversation listen(TestClient client, String params) {
        Conversation listening = client.open("subscriptions/listen", params);
        Message.Notification first = listening.next();
        assertThat(first.method()).isEqualTo("notifications/subscriptions/acknowledged");
        return listening;
    }

    @Test
    void theAcknowledgementComesFirstAndSaysWhatIsHonoured() {
        McpServer toolsOnly = McpServer.builder("test", "1")
                .tool(Tool.named("a").handle((in, call) -> "a"))
                .build();
        try (Conversation listening = TestClient.of(toolsOnly).open("subscriptions/listen", ALL)) {
            Message.Notification ack = listening.next();
            assertThat(ack.method()).isEqualTo("notifications/subscriptions/acknowledged");
            assertThat(ack.params().path("notifications")).isEqualTo(TestClient.json("{'toolsListChanged':true}"));
            assertThat(ack.params().at("/_meta").path(ID).longValue()).isEqualTo(1);
        }
    }

    @Test
    void everyChangeIsToldToThoseWhoAskedForIt() {
        try (Conversation everything = listen(client, ALL);
                Conversation promptsOnly = listen(client, "{'notifications':{'promptsListChanged':true}}")) {
            server.tools().add(Tool.named("b").handle((in, call) -> "b"));
            server.resources().add(Resource.text("doc:///b", "b", "text/plain", "b"));
            server.events().resourceUpdated("doc:///other");
            server.events().resourceUpdated("doc:///a");
            server.prompts().remove("a");

            assertThat(everything.next().method()).isEqualTo("notifications/tools/list_changed");
            assertThat(everything.next().method()).isEqualTo("notifications/resources/list_changed");
            Message.Notification updated = everything.next();
            assertThat(updated.method()).isEqualTo("notifications/resources/updated");
            assertThat(updated.params().path("uri").stringValue()).isEqualTo("doc:///a");
            assertThat(updated.params().path("_meta").has(ID)).isTrue();
            assertThat(everything.next().method()).isEqualTo("notifications/prompts/list_changed");

            Message.Notification prompts = promptsOnly.next();
            assertThat(prompts.method()).isEqualTo("notifications/prompts/list_changed");
            assertThat(prompts.params().path("_meta").path(ID).longValue()).isEqualTo(2);
        }
    }

    /** After a gap between replicas: whoever watches something is told of it, and of nothing else. */
    @Test
    void whatMayHaveBeenMissedIsToldToThoseWhoWatchIt() {
        try (Conversation everything = listen(client, ALL);
                Conversation promptsOnly = listen(client, "{'notifications':{'promptsListChanged':true}}")) {
            server.events().publish(new ServerEvent.Missed());
            server.events().promptsChanged();
            assertThat(Stream.of(everything.next(), everything.next(), everything.next(), everything.next())
                            .map(Message.Notification::method))
                    .containsExactly(
                            "notifications/tools/list_changed",
                            "notifications/prompts/list_changed",
                            "notifications/resources/list_changed",
                            "notifications/resources/updated");
            assertThat(promptsOnly.next().method()).isEqualTo("notifications/prompts/list_changed");
        }
    }

    @Test
    void aServerThatClosesCancelsAndThenAnswersTheListen() {
        try (Conversation listening = listen(client, ALL)) {
            server.close();
            Message.Notification cancelled = listening.next();
            assertThat(cancelled.method()).isEqualTo("notifications/cancelled");
            assertThat(cancelled.params().path("requestId").longValue()).isEqualTo(1);
            assertThat(cancelled.params().path("_meta").path(ID).longValue()).isEqualTo(1);

            Received end = listening.end();
            assertThat(end.result().path("resultType").stringValue()).isEqualTo("complete");
            assertThat(end.result().path("_meta").path(ID).longValue()).isEqualTo(1);
            assertThat(end.notifications()).last().isEqualTo(cancelled);
        }
        assertThat(server.listenStreams()).isZero();
        assertThat(client.send("tools/list", "{}").reply().status()).isEqualTo(503);
    }

    @Test
    void aListenerThatLeavesIsForgotten() {
        try (Conversation listening = listen(client, ALL)) {
            assertThat(server.listenStreams()).isEqualTo(1);
            listening.cancel();
            while (server.listenStreams() > 0) {
                Thread.onSpinWait();
            }
        }
        server.events().toolsChanged();
        assertThat(server.listenStreams()).isZero();
    }

    @Test
    void theStagesAreThereForTheOpeningOnly() {
        AtomicInteger inside = new AtomicInteger();
        McpServer metered = builder()
                .intercept(Stage.METER, (call, chain) -> {
                    inside.incrementAndGet();
                    try {
                        return chain.proceed(call);
                    } finally {
                        inside.decrementAndGet();
                    }
                })
                .build();
        try (Conversation listening = listen(TestClient.of(metered), ALL)) {
            assertThat(inside).hasValue(0);
        }
    }

    @Test
    void anInterceptorThatChangesItsMindLeavesNoStreamBehind() {
        McpServer refusing = builder()
                .intercept(Stage.METER, (call, chain) -> {
                    chain.proceed(call);
                    return new Outcome.Refused(new Refusal.Overloaded(Duration.ofSeconds(1)));
                })
                .build();
        assertThat(TestClient.of(refusing)
                        .send("subscriptions/listen", ALL)
                        .reply()
                        .status())
                .isEqualTo(503);
        assertThat(refusing.listenStreams()).isZero();
    }

    @Test
    void anInterceptorThatTriesAgainLeavesOneStreamBehind() {
        McpServer trying = builder()
                .intercept(Stage.PROTECT, (call, chain) -> {
                    chain.proceed(call);
                    return chain.proceed(call);
                })
                .build();
        try (Conversation listening = listen(TestClient.of(trying), ALL)) {
            assertThat(trying.listenStreams()).isEqualTo(1);
            trying.disconnect(caller -> true);
            listening.end();
        }
        assertThat(trying.listenStreams()).isZero();
    }

    @Test
    void anInterceptorThatBreaksLeavesNoStreamBehind() {
        McpServer breaking = builder()
                .intercept(Stage.METER, (call, chain) -> {
                    chain.proceed(call);
                    throw new AssertionError("broken");
                })
                .build();
        assertThat(TestClient.of(breaking)
                        .send("subscriptions/listen", ALL)
                        .error()
                        .code())
                .isEqualTo(-32603);
        assertThat(breaking.listenStreams()).isZero();
    }

    @Test
    void thereAreOnlySoManyStreams() {
        McpServer small = builder().maxListenStreams(1).build();
        TestClient clients = TestClient.of(small);
        try (Conversation first = listen(clients, ALL)) {
            assertThat(clients.send("subscriptions/listen", ALL).reply().status())
                    .isEqualTo(503);
            first.cancel();
            while (small.listenStreams() > 0) {
                Thread.onSpinWait();
            }
            listen(clients, ALL).close();
        }
    }

    @Test
    void revokedCallersAreDisconnectedAndOthersStay() {
        List<Caller> callers = List.of(Caller.of("ann"), Caller.of("bob"));
        AtomicInteger next = new AtomicInteger();
        McpServer secured = builder()
                .authenticator(origin -> Authenticator.admit(callers.get(next.getAndIncrement() % 2)))
                .build();
        TestClient clients = TestClient.of(secured);
        try (Conversation ann = listen(clients, ALL);
                Conversation bob = listen(clients, ALL)) {
            secured.disconnect(caller -> caller.subject().equals("ann"));
            assertThat(ann.end().result().path("resultType").stringValue()).isEqualTo("complete");
            secured.events().toolsChanged();
            assertThat(bob.next().method()).isEqualTo("notifications/tools/list_changed");
        }
    }

    @Test
    void aStreamEndsWithItsCallersCredential() {
        Instant now = Instant.parse("2026-11-22T12:00:00Z");
        McpServer secured = builder()
                .clock(Clock.fixed(now.plusSeconds(60), ZoneOffset.UTC))
                .authenticator(origin -> Authenticator.admit(Caller.of("ann").withExpiry(now)))
                .build();
        try (Conversation listening = listen(TestClient.of(secured), ALL)) {
            assertThat(listening.end().result().path("resultType").stringValue())
                    .isEqualTo("complete");
        }
    }

    @Test
    void filtersOfTheWrongTypeAreInvalid() {
        for (String bad : List.of(
                "{}",
                "{'notifications':null}",
                "{'notifications':[]}",
                "{'notifications':{'toolsListChanged':'yes'}}",
                "{'notifications':{'resourceSubscriptions':'doc:///a'}}",
                "{'notifications':{'resourceSubscriptions':[1]}}")) {
            assertThat(client.send("subscriptions/listen", bad).error().code())
                    .as(bad)
                    .isEqualTo(-32602);
        }
    }

    @Test
    void replicasThatShareTheirEventsTellEachOthersListeners() {
        ServerEvents shared = ServerEvents.local();
        McpServer one = builder().events(shared).build();
        McpServer other = builder().events(shared).build();
        try (Conversation listening = listen(TestClient.of(other), ALL)) {
            one.tools().remove("a");
            assertThat(listening.next().method()).isEqualTo("notifications/tools/list_changed");
        }
    }
}
