package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ToolDefinition;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of the revisions with a handshake, over Streamable HTTP, with a server that does as a test says. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LegacyHttpTest extends LegacyHttpServer {
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
}
