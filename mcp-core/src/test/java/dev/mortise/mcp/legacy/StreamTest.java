package dev.mortise.mcp.legacy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.LoggingLevel;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.InMemorySessionStore;
import dev.mortise.mcp.transport.Conversation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Streams of legacy sessions: broken, taken up again here or elsewhere, let go, and opened to listen. */
class StreamTest {
    private final Semaphore steps = new Semaphore(0);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private final InMemorySessionStore sessions = new InMemorySessionStore(100, 100, Clock.systemUTC());
    private final SharedEvents events = new SharedEvents();
    private final ServerEvents changes = ServerEvents.local();
    private final McpServer server = builder().build();

    private McpServerBuilder builder() {
        return McpServer.builder("legacy", "1.0")
                .events(changes)
                .policy((caller, target) ->
                        target.kind() == Target.Kind.RESOURCE && target.name().contains("secret")
                                ? Decision.DENY
                                : Decision.ALLOW)
                .legacyClients(LegacyClients.withSessions()
                        .stores(sessions, events)
                        .silence(Duration.ofMillis(20))
                        .pollInterval(Duration.ofMillis(10)))
                .resource(Resource.text("docs:///a", "a", "text/plain", "A"))
                .tool(Tool.named("steps").description("Goes step by step").handle((in, call) -> {
                    call.cancellation().onCancel(cancelled::countDown);
                    for (int step = 1; step <= 3; step++) {
                        steps.acquire();
                        call.log(LoggingLevel.INFO, null, "step " + step);
                    }
                    return "done";
                }))
                .tool(Tool.named("let-go").description("Lets go").handle((in, call) -> {
                    call.closeStream();
                    steps.acquire();
                    return "done";
                }));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static String text(Message.Response response) {
        return ((Message.Result) response).result().at("/content/0/text").stringValue();
    }

    @Test
    void aBrokenStreamIsTakenUpWhereItBroke() {
        LegacyClient client = LegacyClient.of(server).begin("2025-06-18", "{}");
        Conversation call = client.call("steps", "{}");
        steps.release();
        assertThat(call.next().params().path("data").stringValue()).isEqualTo("step 1");
        String position = call.lastEventId().orElseThrow();
        call.cancel();
        steps.release(2);

        Conversation resumed = client.get(position);
        assertThat(resumed.next().params().path("data").stringValue()).isEqualTo("step 2");
        assertThat(resumed.next().params().path("data").stringValue()).isEqualTo("step 3");
        assertThat(text(resumed.end().response())).isEqualTo("done");
        // And once more, when all is over.
        assertThat(text(client.get(position).end().response())).isEqualTo("done");
        assertThat(cancelled.getCount()).isEqualTo(1);
    }

    @Test
    void aStreamIsTakenUpAtAnotherReplica() {
        McpServer other = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation call = client.call("steps", "{}");
        steps.release();
        call.next();
        String position = call.lastEventId().orElseThrow();
        call.cancel();

        Conversation resumed = client.at(other).get(position);
        steps.release(2);
        assertThat(resumed.next().params().path("data").stringValue()).isEqualTo("step 2");
        assertThat(text(resumed.end().response())).isEqualTo("done");
        other.close();
    }

    @Test
    void theServerLetsGoAndTheClientComesBack() {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation call = client.call("let-go", "{}");
        assertThat(call.end().reply().message()).isNull();
        String position = call.lastEventId().orElseThrow();
        steps.release();

        assertThat(text(client.get(position).end().response())).isEqualTo("done");
    }

    @Test
    void clientsThatCouldNotComeBackAreNotLetGo() {
        LegacyClient client = LegacyClient.of(server).begin("2025-06-18", "{}");
        Conversation call = client.call("let-go", "{}");
        steps.release();

        assertThat(text(call.end().response())).isEqualTo("done");
    }

    @Test
    void silenceMakesAReplyAStreamThatCanBeResumed() throws Exception {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation call = client.call("steps", "{}");
        String position = eventually(call);
        assertThat(call.notifications()).isEmpty();
        call.cancel();
        steps.release(3);

        assertThat(text(client.get(position).end().response())).isEqualTo("done");
    }

    @Test
    void theClientCancelsAtAnyReplica() throws Exception {
        McpServer other = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation call = client.open("tools/call", "{'name':'steps','arguments':{}}", 4711);
        steps.release();
        call.next();

        client.at(other)
                .post("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':4711,'reason':'x'}}");
        assertThat(cancelled.await(10, SECONDS)).isTrue();
        assertThat(call.end().reply().message()).isNull();
        other.close();
    }

    @Test
    void whatChangesIsToldToThoseWhoListen() {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        for (String uri : List.of("docs:///a", "docs:///secret")) {
            client.send("resources/subscribe", "{'uri':'" + uri + "'}");
        }
        try (Conversation listening = client.get()) {
            eventually(listening);
            changes.resourceUpdated("docs:///secret");
            changes.resourceUpdated("docs:///other");
            changes.resourceUpdated("docs:///a");
            Message.Notification updated = listening.next();
            assertThat(updated.method()).isEqualTo("notifications/resources/updated");
            assertThat(updated.params().path("uri").stringValue()).isEqualTo("docs:///a");
            client.send("resources/unsubscribe", "{'uri':'docs:///a'}");
            changes.resourceUpdated("docs:///a");
            changes.toolsChanged();
            assertThat(listening.next().method()).isEqualTo("notifications/tools/list_changed");
            assertThat(server.listenStreams()).isEqualTo(1);
        }
    }

    @Test
    void whatIsForOneTenantIsToldToNobodyElse() {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        try (Conversation listening = client.get()) {
            eventually(listening);
            changes.publish(new ServerEvent.ForTenant("acme", new ServerEvent.ToolsChanged()));
            changes.publish(new ServerEvent.ForTenant(null, new ServerEvent.ResourcesChanged()));
            assertThat(listening.next().method()).isEqualTo("notifications/resources/list_changed");
        }
    }

    @Test
    void whatWasToldIsToldAgainToWhoComesBack() {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation first = client.get();
        String begin = eventually(first);
        changes.toolsChanged();
        first.next();
        Conversation second = client.get(begin);
        // The one before is let go, so that nothing is told twice.
        first.end();
        assertThat(second.next().method()).isEqualTo("notifications/tools/list_changed");
        changes.resourcesChanged();
        assertThat(second.next().method()).isEqualTo("notifications/resources/list_changed");
        client.delete();
        second.end();
    }

    @Test
    void logMessagesComeAsTheSessionWantsThem() {
        LegacyClient client = LegacyClient.of(server).begin("2025-06-18", "{}");
        client.send("logging/setLevel", "{'level':'warning'}");
        steps.release(3);
        assertThat(client.call("steps", "{}").end().notifications()).isEmpty();
        client.send("logging/setLevel", "{'level':'debug'}");
        steps.release(3);
        assertThat(client.call("steps", "{}").end().notifications()).hasSize(3);
    }

    @Test
    void disconnectingACallerEndsItsStreams() {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation listening = client.get();
        eventually(listening);
        Conversation call = client.call("steps", "{}");
        steps.release();
        call.next();

        server.disconnect(caller -> true);
        listening.end();
        call.end();
        assertThat(client.send("ping", "{}").reply().status()).isEqualTo(404);
    }

    @Test
    void aServerThatClosesAnswersWhatRuns() throws Exception {
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation listening = client.get();
        eventually(listening);
        Conversation call = client.call("steps", "{}");
        steps.release();
        call.next();
        Thread closing = Thread.startVirtualThread(server::close);
        listening.end();
        assertThat(client.send("ping", "{}").reply().status()).isEqualTo(503);
        steps.release(2);

        assertThat(text(call.end().response())).isEqualTo("done");
        closing.join();
    }

    @Test
    void aReplyComesEvenIfTheStoreFailsMeanwhile() {
        for (String version : List.of("2025-11-25", "2025-06-18")) {
            LegacyClient client = LegacyClient.of(server).begin(version, "{}");
            Conversation call = client.call("steps", "{}");
            steps.release();
            call.next();
            events.down = true;
            steps.release(2);
            assertThat(text(call.end().response())).isEqualTo("done");
            events.down = false;
            // Nothing of the call is left.
            assertThat(client.delete().reply().status()).isEqualTo(204);
        }
    }

    @Test
    void aReplyLargerThanTheStoreComesAllTheSame() {
        SharedEvents small = new SharedEvents(100);
        McpServer tight = builder()
                .legacyClients(
                        LegacyClients.withSessions().stores(sessions, small).silence(Duration.ofMillis(20)))
                .tool(Tool.named("much").description("Says much").handle((in, call) -> {
                    call.log(LoggingLevel.INFO, null, "soon");
                    steps.acquire();
                    return "x".repeat(5_000);
                }))
                .build();
        LegacyClient client = LegacyClient.of(tight).begin("2025-11-25", "{}");
        Conversation call = client.call("much", "{}");
        call.next();
        String position = call.lastEventId().orElseThrow();
        steps.release();
        assertThat(text(call.end().response())).hasSize(5_000);
        assertThat(text(client.get(position).end().response())).hasSize(5_000);
        tight.close();
    }

    @Test
    void positionsThatNeverWereAreRefused() {
        McpServer other = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation call = client.call("steps", "{}");
        steps.release();
        call.next();
        String stream = call.lastEventId().orElseThrow().replaceAll("\\..*", "");
        for (LegacyClient one : List.of(client, client.at(other))) {
            assertThat(one.get(stream + ".zzzzzzzzzzz").end().reply().status()).isEqualTo(400);
            assertThat(one.get(stream + ".-5").end().reply().status()).isEqualTo(400);
        }
        // Who has all of it is told so at once.
        String before = call.lastEventId().orElseThrow();
        steps.release(2);
        call.end();
        Conversation whole = client.at(other).get(before);
        whole.end();
        String end = whole.lastEventId().orElseThrow();
        assertThat(client.at(other).get(end).end().reply().message()).isNull();
        other.close();
    }

    @Test
    void aSecondReaderAtAnotherReplicaEndsWithTheSession() {
        McpServer other = builder().build();
        LegacyClient client = LegacyClient.of(server).begin("2025-11-25", "{}");
        Conversation call = client.call("steps", "{}");
        steps.release();
        call.next();
        String position = call.lastEventId().orElseThrow();
        Conversation first = client.at(other).get(position);
        steps.release();
        assertThat(first.next().params().path("data").stringValue()).isEqualTo("step 2");
        Conversation second = client.at(other).get(position);
        first.end();
        assertThat(second.next().params().path("data").stringValue()).isEqualTo("step 2");
        client.at(other).delete();
        second.end();
        other.close();
    }

    @Test
    void anIdIsInFlightOnce() {
        LegacyClient client = LegacyClient.of(server).begin("2025-03-26", "{}");
        Conversation call = client.open("tools/call", "{'name':'steps','arguments':{}}", 4712);
        steps.release();
        call.next();
        var again = client.post("{'jsonrpc':'2.0','id':4712,'method':'ping'}");
        assertThat(again.reply().status()).isEqualTo(400);
        assertThat(again.error().code()).isEqualTo(-32600);
        Conversation batch = client.openPost(
                "[{'jsonrpc':'2.0','id':4712,'method':'ping'},{'jsonrpc':'2.0','id':4713,'method':'ping'}]");
        batch.end();
        assertThat(batch.responses().toString()).contains("in flight").hasSizeGreaterThan(0);
        steps.release(2);
        assertThat(text(call.end().response())).isEqualTo("done");
        assertThat(client.open("ping", "{}", 4712).end().reply().status()).isEqualTo(200);
    }

    /** The id of the first event of a stream. */
    private static String eventually(Conversation stream) {
        CompletableFuture<String> id = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            while (stream.lastEventId().isEmpty() && !id.isDone()) {
                Thread.onSpinWait();
                Thread.yield();
            }
            stream.lastEventId().ifPresent(id::complete);
        });
        return id.orTimeout(10, SECONDS).join();
    }
}
