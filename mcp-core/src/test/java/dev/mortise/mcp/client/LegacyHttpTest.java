package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ElicitAction;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.Root;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.ToolDefinition;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Sessions of the revisions with a handshake, over Streamable HTTP, with a server that does as a test says. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LegacyHttpTest {
    private final AtomicInteger sessions = new AtomicInteger();
    private final BlockingQueue<JsonNode> responses = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> pushed = new LinkedBlockingQueue<>();
    private final Semaphore streams = new Semaphore(0);
    private volatile boolean streamsAreUnknown;
    private volatile String accepted = "session-1";

    @Test
    void openAndEndASession() throws Exception {
        try (ScriptedServer server = server(request -> request.result("{'content':[]}"))) {
            try (McpClient client = client(server).connect()) {
                client.callTool("x", Map.of());
            }
            ScriptedServer.Request call = server.requests("tools/call").getFirst();
            assertThat(call.header("Mcp-Session-Id")).isEqualTo("session-1");
            assertThat(call.header("MCP-Protocol-Version")).isEqualTo("2025-11-25");
            assertThat(call.params().has("_meta")).isFalse();
            assertThat(server.requests("notifications/initialized")).hasSize(1);
            assertThat(server.requests().stream().filter(r -> r.verb().equals("DELETE")))
                    .singleElement()
                    .satisfies(goodbye ->
                            assertThat(goodbye.header("Mcp-Session-Id")).isEqualTo("session-1"));
        }
    }

    @Test
    void beginAnewWhenTheServerHasForgotten() throws Exception {
        try (ScriptedServer server = server(request -> request.result("{'content':[]}"));
                McpClient client = client(server).connect()) {
            client.callTool("x", Map.of());
            accepted = "session-2";
            client.callTool("x", Map.of());
            assertThat(server.requests("initialize")).hasSize(2);
            assertThat(server.requests("tools/call")).hasSize(3);
            assertThat(server.requests("tools/call").getLast().header("Mcp-Session-Id"))
                    .isEqualTo("session-2");
        }
    }

    /** What a call's own answer says counts, whoever else finds out before that the session is gone. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void leaveCallsThatAreUnderWayTheirOwnAnswers(boolean done) throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedServer server = server(request -> {
                    if (!request.method().equals("tools/call")
                            || request.header("Mcp-Session-Id").equals("session-2")) {
                        request.result("{'content':[]}");
                        return;
                    }
                    called.countDown();
                    answer.await();
                    if (done) {
                        request.result("{'content':[{'type':'text','text':'done before'}]}");
                    } else {
                        request.status(404);
                    }
                });
                McpClient client = client(server).connect()) {
            CompletableFuture<CallToolResult> call = CompletableFuture.supplyAsync(
                    () -> client.callTool("x", Map.of()), task -> Thread.startVirtualThread(task));
            called.await();
            assertThat(streams.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            accepted = "session-2";
            pushed.add("end");
            // The stream that stands alone asks again, and hears that its session is unknown.
            assertThat(streams.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
            client.ping();
            answer.countDown();
            assertThat(call.get(20, TimeUnit.SECONDS).content()).hasSize(done ? 1 : 0);
            assertThat(server.requests("tools/call")).hasSize(done ? 1 : 2);
            assertThat(server.requests("initialize")).hasSize(2);
        }
    }

    @Test
    void keepASessionWhoseServerHasNoRouteForStreams() throws Exception {
        try (ScriptedServer server = server(request -> request.result("{'content':[]}"))) {
            streamsAreUnknown = true;
            try (McpClient client = client(server).connect()) {
                assertThat(streams.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
                for (int i = 0; i < 3; i++) {
                    client.callTool("x", Map.of());
                }
                assertThat(server.requests("initialize")).hasSize(1);
            }
        }
    }

    @Test
    void repeatNothingThatMayHaveBeenDone() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        try (ScriptedServer server = server(request -> {
                    if (request.method().equals("tools/call")) {
                        called.countDown();
                        Thread.sleep(Duration.ofMinutes(1));
                    }
                    request.result("{}");
                });
                McpClient client =
                        client(server).connectTimeout(Duration.ofSeconds(1)).connect()) {
            Thread caller = Thread.startVirtualThread(() -> {
                try {
                    client.callTool("pay", Map.of());
                } catch (McpException e) {
                    thrown.set(e);
                }
            });
            assertThat(called.await(10, TimeUnit.SECONDS)).isTrue();
            accepted = "session-2";
            client.ping();
            caller.join();
            assertThat(thrown.get()).isInstanceOf(TransportException.class);
            assertThat(server.requests("tools/call")).hasSize(1);
        }
    }

    @Test
    void giveUpOnAServerThatAlwaysForgets() throws Exception {
        try (ScriptedServer server = server(request -> request.status(404));
                McpClient client = client(server).connect()) {
            assertThatThrownBy(() -> client.callTool("x", Map.of()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("forgotten the session");
            assertThat(server.requests("initialize")).hasSize(2);
        }
    }

    @Test
    void answerWhatTheServerAsksMeanwhile() throws Exception {
        try (ScriptedServer server = server(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.message(
                                "{'jsonrpc':'2.0','id':'q1','method':'elicitation/create','params':{'message':'?',"
                                        + "'requestedSchema':{'type':'object','properties':{'n':{'type':'integer','default':7}}}}}");
                        events.message("{'jsonrpc':'2.0','id':'q2','method':'roots/list'}");
                        events.message("{'jsonrpc':'2.0','id':'q3','method':'ping'}");
                        events.message("{'jsonrpc':'2.0','id':'q4','method':'sampling/createMessage','params':{}}");
                        for (int i = 0; i < 4; i++) {
                            responses.take();
                        }
                        events.message("{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}");
                    }
                });
                McpClient client = client(server)
                        .onElicitation(form -> ElicitResult.accept(Json.object()))
                        .roots(Root.of("file:///work"))
                        .connect()) {
            client.callTool("x", Map.of());
            Map<String, JsonNode> answers = server.requests().stream()
                    .filter(request -> request.body().path("id").asString("").startsWith("q"))
                    .collect(Collectors.toMap(
                            request -> request.body().path("id").stringValue(), ScriptedServer.Request::body));
            assertThat(answers.get("q1").at("/result/content/n").intValue()).isEqualTo(7);
            assertThat(answers.get("q2").at("/result/roots/0/uri").stringValue())
                    .isEqualTo("file:///work");
            assertThat(answers.get("q3").path("result")).isEmpty();
            assertThat(answers.get("q4").at("/error/code").intValue()).isEqualTo(-32601);
            assertThat(server.requests("initialize").getFirst().params().path("capabilities"))
                    .isEqualTo(ScriptedServer.json("{'elicitation':{'form':{}},'roots':{}}"));
        }
    }

    @Test
    void goOnWhereAStreamBrokeOff() throws Exception {
        AtomicReference<JsonNode> id = new AtomicReference<>();
        try (ScriptedServer server = server(request -> {
                    id.set(request.body().path("id"));
                    try (ScriptedServer.Events events = request.events()) {
                        events.raw("id: e7\nretry: 10\ndata:\n\n");
                    }
                });
                McpClient client = client(server).connect()) {
            resumed = request -> {
                try (ScriptedServer.Events events = request.events()) {
                    events.message("{'jsonrpc':'2.0','id':" + id.get() + ",'result':{'content':[]}}");
                }
            };
            assertThat(client.callTool("x", Map.of()).content()).isEmpty();
            assertThat(server.requests().stream().map(request -> request.header("Last-Event-ID")))
                    .contains("e7");
        }
    }

    @Test
    void doNotGoOnForEver() throws Exception {
        try (ScriptedServer server = server(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.raw("id: e7\nretry: 1\ndata:\n\n");
                    }
                });
                McpClient client = client(server).connect()) {
            resumed = request -> {
                try (ScriptedServer.Events events = request.events()) {
                    events.raw("id: e7\nretry: 1\ndata:\n\n");
                }
            };
            assertThatThrownBy(() -> client.callTool("x", Map.of()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("before the answer");
        }
    }

    @Test
    void readBatches() throws Exception {
        try (ScriptedServer server = server(request -> request.json(
                        200,
                        "[{'jsonrpc':'2.0','method':'notifications/tools/list_changed'},"
                                + "{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}]"));
                McpClient client = client(server).connect()) {
            assertThat(client.callTool("x", Map.of()).content()).isEmpty();
        }
    }

    @Test
    void hearOfChanges() throws Exception {
        BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
        try (ScriptedServer server = server(request -> request.result("{}"));
                McpClient client = client(server).connect()) {
            SubscriptionFilter filter = SubscriptionFilter.builder()
                    .promptsListChanged(true)
                    .resourceSubscriptions(List.of("a:b"))
                    .build();
            try (Subscription subscription = client.listen(filter, changes::add)) {
                assertThat(server.requests("resources/subscribe")).hasSize(1);
                pushed.add("{'jsonrpc':'2.0','method':'notifications/tools/list_changed'}");
                pushed.add("{'jsonrpc':'2.0','method':'notifications/prompts/list_changed'}");
                pushed.add("{'jsonrpc':'2.0','method':'notifications/resources/updated','params':{'uri':'a:b'}}");
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Prompts());
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource("a:b"));

                // After a gap whatever may have been missed is reported, and single resources are subscribed to again.
                accepted = "session-2";
                client.ping();
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Prompts());
                assertThat(changes.poll(10, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Resource("a:b"));
                assertThat(server.requests("resources/subscribe")).hasSize(2);
                assertThat(subscription.isLive()).isTrue();
            }
            assertThat(server.requests("resources/unsubscribe")).hasSize(1);
        }
    }

    @Test
    void cancelWithANotification() throws Exception {
        CountDownLatch called = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        onCancelled = cancelled;
        CancelSignal signal = new CancelSignal();
        try (ScriptedServer server = server(request -> {
                    called.countDown();
                    Thread.sleep(Duration.ofMinutes(1));
                });
                McpClient client = client(server).connect()) {
            Thread.startVirtualThread(() -> {
                try {
                    called.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                signal.cancel();
            });
            assertThatThrownBy(() -> client.callTool("x", Map.of(), CallOptions.DEFAULT.cancelledBy(signal)))
                    .isInstanceOf(CallCancelledException.class);
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(server.requests("notifications/cancelled")
                            .getFirst()
                            .params()
                            .path("requestId"))
                    .isEqualTo(server.requests("tools/call").getFirst().body().path("id"));
        }
    }

    @Test
    void passOverWhatALaterRevisionAdded() throws Exception {
        try (ScriptedServer server = server(request -> request.result(
                        request.method().equals("tools/list")
                                ? "{'tools':[{'name':'t','inputSchema':{'type':'object'},'new':1,'annotations':{'new':2}},"
                                        + "{'noName':true}],'cacheScope':'galaxy','new':3}"
                                : "{'content':[{'type':'hologram','data':1},{'type':'text','text':'x','annotations':"
                                        + "{'audience':['robot','user']}}],'resultType':'later'}"));
                McpClient client = client(server).connect()) {
            assertThat(client.tools().map(ToolDefinition::name)).containsExactly("t");
            assertThat(client.callTool("t", Map.of()).content()).hasSize(1);
        }
    }

    @Test
    void waitForATaskThatAToolInsistsOn() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        String task = "'taskId':'t1','createdAt':'x','lastUpdatedAt':'x','ttl':null,'pollInterval':1";
        try (ScriptedServer server = server(request -> request.result(
                        switch (request.method()) {
                            case "tools/list" ->
                                "{'tools':[{'name':'slow','inputSchema':{'type':'object'},"
                                        + "'execution':{'taskSupport':'required'}}]}";
                            case "tools/call" -> "{'task':{'status':'working'," + task + "}}";
                            case "tasks/get" ->
                                "{'status':'" + (polls.incrementAndGet() < 3 ? "working" : "completed") + "'," + task
                                        + "}";
                            default -> "{'content':[{'type':'text','text':'slow but sure'}]}";
                        }));
                McpClient client = client(server).connect()) {
            assertThat(client.tools()).hasSize(1);
            assertThat(client.callTool("slow", Map.of()).content()).hasSize(1);
            assertThat(server.requests("tools/call").getFirst().params().has("task"))
                    .isTrue();
            assertThat(server.requests("tasks/result")
                            .getFirst()
                            .params()
                            .path("taskId")
                            .stringValue())
                    .isEqualTo("t1");
            assertThat(server.requests("tasks/get")).hasSize(3);
        }
    }

    @Test
    void loseOneCallOnlyToAServerThatForgetsInItsOwnWords() throws Exception {
        try (ScriptedServer server = server(request -> {
                    if (request.header("Mcp-Session-Id").equals("session-1")) {
                        request.error(400, -32000, "Bad Request: No valid session ID provided");
                    } else {
                        request.result("{'content':[]}");
                    }
                });
                McpClient client = client(server).connect()) {
            assertThatThrownBy(() -> client.callTool("x", Map.of())).isInstanceOf(RpcException.class);
            accepted = "session-2";
            client.callTool("x", Map.of());
        }
    }

    @Test
    void haveTheUserVisitAPageAndCallAgain() throws Exception {
        BlockingQueue<String> shown = new LinkedBlockingQueue<>();
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = server(request -> {
                    if (calls.incrementAndGet() <= 2) {
                        demandAPage(request);
                    } else {
                        request.result("{'content':[{'type':'text','text':'connected'}]}");
                    }
                });
                McpClient client = client(server)
                        .onUrlElicitation(page -> {
                            shown.add(page.url());
                            pushed.add("{'jsonrpc':'2.0','method':'notifications/elicitation/complete',"
                                    + "'params':{'elicitationId':'e-1'}}");
                            return ElicitAction.ACCEPT;
                        })
                        .connect()) {
            assertThat(client.callTool("x", Map.of()).content()).hasSize(1);
            assertThat(shown).as("asked once only").containsExactly("https://example.com/connect?e-1");
            assertThat(server.requests("tools/call")).hasSize(3);
        }
    }

    @Test
    void sayWhichPagesTheUserHasToVisit() throws Exception {
        try (ScriptedServer server = server(LegacyHttpTest::demandAPage);
                McpClient bare = client(server).connect();
                McpClient unwilling = client(server)
                        .onUrlElicitation(page -> ElicitAction.DECLINE)
                        .connect()) {
            for (String session : List.of("session-1", "session-2")) {
                accepted = session;
                McpClient client = session.equals("session-1") ? bare : unwilling;
                assertThatThrownBy(() -> client.callTool("x", Map.of()))
                        .isInstanceOfSatisfying(
                                UrlElicitationRequiredException.class,
                                e -> assertThat(e.pages())
                                        .singleElement()
                                        .satisfies(page ->
                                                assertThat(page.url()).isEqualTo("https://example.com/connect?e-1")));
            }
            assertThat(server.requests("tools/call")).hasSize(2);
        }
    }

    @Test
    void doNotVisitPagesForEver() throws Exception {
        try (ScriptedServer server = server(LegacyHttpTest::demandAPage);
                McpClient client = client(server)
                        .maxRounds(2)
                        .onUrlElicitation(page -> ElicitAction.ACCEPT)
                        .connect()) {
            CallOptions soon = CallOptions.DEFAULT.timeout(Duration.ofMillis(500));
            assertThatThrownBy(() -> client.callTool("x", Map.of(), soon))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("after 2 rounds");
            assertThat(server.requests("tools/call")).hasSize(3);
        }
    }

    private static void demandAPage(ScriptedServer.Request request) throws IOException {
        request.json(
                200,
                "{'jsonrpc':'2.0','id':ID,'error':{'code':-32042,'message':'Connect first','data':{'elicitations':"
                        + "[{'mode':'url','elicitationId':'e-1','message':'Connect','url':"
                        + "'https://example.com/connect?e-1'}]}}}");
    }

    private volatile ScriptedServer.Script resumed = request -> request.status(405);
    private volatile CountDownLatch onCancelled = new CountDownLatch(1);

    private static McpClientBuilder client(ScriptedServer server) {
        return McpClient.http(server.uri()).timeout(Duration.ofSeconds(20));
    }

    /** A legacy server that knows one session at a time, and leaves calls to the script. */
    private ScriptedServer server(ScriptedServer.Script script) throws IOException {
        return ScriptedServer.start(request -> {
            switch (request.method()) {
                case "server/discover" -> request.error(400, -32000, "Bad Request: Server not initialized");
                case "initialize" -> {
                    request.http().getResponseHeaders().set("Mcp-Session-Id", "session-" + sessions.incrementAndGet());
                    request.result("{'protocolVersion':'2025-11-25','capabilities':{'tasks':{'requests':{'tools':"
                            + "{'call':{}}}}},'serverInfo':{'name':'old'}}");
                }
                case "notifications/initialized" -> request.status(202);
                case "notifications/cancelled" -> {
                    request.status(202);
                    onCancelled.countDown();
                }
                case "" -> other(request);
                default -> {
                    if (request.header("Mcp-Session-Id").equals(accepted)) {
                        script.answer(request);
                    } else {
                        request.status(404);
                    }
                }
            }
        });
    }

    private void other(ScriptedServer.Request request) throws Exception {
        switch (request.verb()) {
            case "DELETE" -> request.status(200);
            case "GET" -> {
                if (!request.header("Last-Event-ID").isEmpty()) {
                    resumed.answer(request);
                } else if (streamsAreUnknown
                        || !request.header("Mcp-Session-Id").equals(accepted)) {
                    request.status(404);
                    streams.release();
                } else {
                    push(request);
                }
            }
            default -> {
                request.status(202);
                responses.add(request.body());
            }
        }
    }

    private void push(ScriptedServer.Request request) throws Exception {
        try (ScriptedServer.Events events = request.events()) {
            streams.release();
            for (String message = pushed.take(); !message.equals("end"); message = pushed.take()) {
                events.message(message);
            }
            events.raw("retry: 1\n\n");
        }
    }
}
