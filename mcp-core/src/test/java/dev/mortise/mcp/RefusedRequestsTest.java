package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Requests that become no call, or too many calls: who sees them, and what they are answered with. */
class RefusedRequestsTest {
    private final List<String> observed = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorized = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch running = new CountDownLatch(1);
    private final CountDownLatch finish = new CountDownLatch(1);
    private volatile Caller caller = Caller.anonymous();

    private final McpServer server = McpServer.builder("test", "1")
            .authenticator(origin -> Authenticator.admit(caller))
            .intercept(Stage.OBSERVE, (call, chain) -> {
                Outcome outcome = chain.proceed(call);
                observed.add(call.method() + " " + call.target().name() + ": "
                        + (outcome instanceof Outcome.Refused refused
                                ? refused.refusal().getClass().getSimpleName()
                                : "ok"));
                return outcome;
            })
            .intercept(Stage.AUTHORIZE, (call, chain) -> {
                authorized.add(call.method());
                return chain.proceed(call);
            })
            .maxRunningCalls(1)
            .maxListenStreamsPerCaller(1)
            .tool(Tool.named("works").handle((in, call) -> "ok"))
            .tool(Tool.named("waits").handle((in, call) -> {
                running.countDown();
                finish.await();
                return "ok";
            }))
            .tools(new Source<>() {
                @Override
                public List<Tool> list(Caller who, String after, int limit) {
                    return List.of();
                }

                @Override
                public Optional<Tool> find(Caller who, String key) {
                    throw new IllegalStateException("The database is down");
                }
            })
            .resource(Resource.at("doc:///empty", "empty").read(call -> ResourceOutcome.found()))
            .build();
    private final TestClient client = TestClient.of(server);
    private final InMemoryTransport wire = InMemoryTransport.to(server::handle);

    @Test
    void thoseWhoObserveSeeRequestsThatBecomeNoCallAndNobodyElseDoes() {
        client.send("no/such/method", "{}");
        client.send("tools/call", "{'name':'works','requestState':'forged'}");
        client.call("unheard-of", "{}");
        wire.send("""
                {"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{
                "io.modelcontextprotocol/protocolVersion":"1999-01-01",
                "io.modelcontextprotocol/clientCapabilities":{}}}}""");
        wire.send("""
                {"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{
                "io.modelcontextprotocol/protocolVersion":"2026-07-28"}}}""");
        assertThat(observed)
                .containsExactly(
                        "no/such/method : MethodNotFound",
                        "tools/call : InvalidState",
                        "tools/call : Internal",
                        "tools/list : UnsupportedVersion",
                        "ping : Malformed");
        assertThat(authorized).isEmpty();

        client.call("works", "{}");
        assertThat(observed).endsWith("tools/call works: ok").hasSize(6);
    }

    @Test
    void anObserverThatFailsDoesNotChangeTheAnswer() {
        McpServer observedBadly = McpServer.builder("test", "1")
                .intercept(Stage.OBSERVE, (call, chain) -> {
                    throw new IllegalStateException("blind");
                })
                .build();
        assertThat(TestClient.of(observedBadly)
                        .send("no/such/method", "{}")
                        .error()
                        .code())
                .isEqualTo(-32601);
    }

    @Test
    void moreCallsThanMayRunAtOnceAreTurnedAway() throws InterruptedException {
        try (Conversation waiting = client.open("tools/call", "{'name':'waits'}")) {
            running.await();
            Received refused = client.call("works", "{}");
            assertThat(refused.reply().status()).isEqualTo(503);
            assertThat(refused.reply().headers()).containsKey("Retry-After");
            finish.countDown();
            assertThat(waiting.end().result().at("/content/0/text").stringValue())
                    .isEqualTo("ok");
        }
        assertThat(client.text("works", "{}")).isEqualTo("ok");
        assertThat(observed).contains("tools/call : Overloaded");
    }

    @Test
    void streamsAreBoundedForEachCallerAndDoNotCountAsRunningCalls() {
        String listen = "{'notifications':{'toolsListChanged':true}}";
        caller = Caller.of("ada");
        try (Conversation first = client.open("subscriptions/listen", listen)) {
            first.next();
            assertThat(client.text("works", "{}")).isEqualTo("ok");
            assertThat(client.send("subscriptions/listen", listen).reply().status())
                    .isEqualTo(503);
            caller = Caller.of("bob");
            try (Conversation second = client.open("subscriptions/listen", listen)) {
                second.next();
            }
        }
        caller = Caller.of("ada");
        try (Conversation again = untilOpen(listen)) {
            assertThat(again.notifications()).isNotEmpty();
        }
    }

    /** The server notices by itself that a stream is closed, a moment later. */
    private Conversation untilOpen(String listen) {
        while (true) {
            Conversation listening = client.open("subscriptions/listen", listen);
            try {
                listening.next();
                return listening;
            } catch (IllegalStateException stillOpen) {
                listening.close();
            }
        }
    }

    @Test
    void aResourceThatIsThereHasContents() {
        Received failed = client.send("resources/read", "{'uri':'doc:///empty'}");
        assertThat(failed.error().code()).isEqualTo(-32603);
    }

    @Test
    void idsAndProgressTokensAreBounded() {
        String fits = "x".repeat(1024);
        String request = """
                {"jsonrpc":"2.0","id":"%s","method":"tools/call","params":{"name":"works","_meta":{"progressToken":"%s",
                "io.modelcontextprotocol/protocolVersion":"2026-07-28",
                "io.modelcontextprotocol/clientCapabilities":{}}}}""";
        assertThat(wire.send(request.formatted(fits, fits)).result().has("content"))
                .isTrue();
        Received longId = wire.send(request.formatted(fits + "x", "t"));
        assertThat(longId.error().code()).isEqualTo(-32600);
        assertThat(longId.reply().status()).isEqualTo(400);
        Received longToken = wire.send(request.formatted("i", fits + "x"));
        assertThat(longToken.error().code()).isEqualTo(-32602);
        assertThat(longToken.reply().status()).isEqualTo(400);
    }

    @Test
    void foundWithoutContentsSaysWhatToDo() {
        assertThatThrownBy(ResourceOutcome::found).hasMessageContaining("notFound()");
    }
}
