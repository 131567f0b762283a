package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClientBuilder;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.SubscriptionFilter;
import dev.mortise.mcp.schema.ToolDefinition;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** What a client sends to a modern server over HTTP, and what it makes of the answers. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ModernHttpTest {
    private static final String TASK =
            "'taskId':'t 1','createdAt':'2026-11-22T12:00:00Z','lastUpdatedAt':'2026-11-22T12:00:00Z','ttlMs':null,"
                    + "'pollIntervalMs':1";

    @Test
    void saysEverythingWithEachRequest() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> request.result("{'content':[]}"));
                McpClient client = client(server)
                        .clientInfo("me", "1")
                        .header("X-Api-Key", "k")
                        .onElicitation(form -> ElicitResult.decline())
                        .connect()) {
            client.callTool("naïve tool", Map.of("a", 1));
            ScriptedServer.Request call = server.requests("tools/call").getFirst();
            assertThat(call.header("MCP-Protocol-Version")).isEqualTo("2026-07-28");
            assertThat(call.header("Mcp-Method")).isEqualTo("tools/call");
            assertThat(call.header("Mcp-Name")).isEqualTo("=?base64?bmHDr3ZlIHRvb2w=?=");
            assertThat(call.header("X-Api-Key")).isEqualTo("k");
            assertThat(call.header("Mcp-Session-Id")).isEmpty();
            assertThat(call.header("Upgrade")).isEmpty();
            assertThat(call.params().path("_meta"))
                    .isEqualTo(ScriptedServer.json("{'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
                            + "'io.modelcontextprotocol/clientInfo':{'name':'me','version':'1'},"
                            + "'io.modelcontextprotocol/clientCapabilities':{'elicitation':{'form':{}},"
                            + "'extensions':{'io.modelcontextprotocol/tasks':{}}}}"));
        }
    }

    @Test
    void retriesWithTheAnswersAndTheStateAsItCame() throws Exception {
        String state = " {\\\"a\\\" : 1}\\u0000é ";
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    if (!request.params().has("inputResponses")) {
                        request.http().getResponseHeaders().set("Content-Type", "application/json");
                        request.json(
                                200,
                                ("{'jsonrpc':'2.0','id':ID,'result':{'resultType':'input_required','inputRequests':{'k':"
                                                + "{'method':'elicitation/create','params':{'message':'?',"
                                                + "'requestedSchema':{'type':'object','properties':{}}}}},"
                                                + "'requestState':'STATE'}}")
                                        .replace("STATE", state));
                    } else {
                        request.result("{'content':[]}");
                    }
                });
                McpClient client = client(server)
                        .onElicitation(form -> ElicitResult.decline())
                        .connect()) {
            client.callTool("x", Map.of("a", 1));
            List<ScriptedServer.Request> calls = server.requests("tools/call");
            assertThat(calls).hasSize(2);
            JsonNode retry = calls.getLast().params();
            assertThat(retry.path("requestState")).isEqualTo(Json.parse("\"" + state + "\""));
            assertThat(retry.path("inputResponses")).isEqualTo(ScriptedServer.json("{'k':{'action':'decline'}}"));
            assertThat(retry.path("arguments"))
                    .isEqualTo(calls.getFirst().params().path("arguments"));
            assertThat(calls.getLast().body().path("id"))
                    .isNotEqualTo(calls.getFirst().body().path("id"));
        }
    }

    @Test
    void asksAgainWhereAServerOnlyWantsTime() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    if (calls.incrementAndGet() < 3) {
                        request.result("{'resultType':'input_required','requestState':'s" + calls.get() + "'}");
                    } else {
                        request.result("{'contents':[]}");
                    }
                });
                McpClient client = client(server).connect()) {
            client.readResource("a:b");
            JsonNode last = server.requests("resources/read").getLast().params();
            assertThat(last.path("requestState").stringValue()).isEqualTo("s2");
            assertThat(last.has("inputResponses")).isFalse();
        }
    }

    @Test
    void keepsNoResultThatTookQuestions() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    if (request.params().has("requestState")) {
                        request.result("{'contents':[],'ttlMs':60000,'cacheScope':'public'}");
                    } else {
                        request.result("{'resultType':'input_required','requestState':'s'}");
                    }
                });
                McpClient client = client(server).connect()) {
            client.readResource("a:b");
            client.readResource("a:b");
            assertThat(server.requests("resources/read")).hasSize(4);
        }
    }

    @Test
    void repeatsArgumentsInHeadersAndLearnsThatItMust() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    if (request.method().equals("tools/list")) {
                        request.result("{'tools':[{'name':'bad','inputSchema':{'type':'object','properties':{'r':"
                                + "{'type':'string','x-mcp-header':'no spaces'}}}},"
                                + "{'name':'sql','inputSchema':{'type':'object','properties':{'r':"
                                + "{'type':'string','x-mcp-header':'Region'}}}}]}");
                    } else if (request.header("Mcp-Param-Region").isEmpty()) {
                        request.error(400, -32020, "Mcp-Param-Region is missing");
                    } else {
                        request.result("{'content':[]}");
                    }
                });
                McpClient client = client(server).connect()) {
            client.callTool("sql", Map.of("r", "us-west1"));
            assertThat(server.requests("tools/list")).hasSize(1);
            assertThat(server.requests("tools/call").getLast().header("Mcp-Param-Region"))
                    .isEqualTo("us-west1");
            assertThat(client.tools().map(ToolDefinition::name)).containsExactly("sql");
            assertThatThrownBy(() -> client.callTool("bad", Map.of("r", "x")))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("x-mcp-header");
        }
    }

    @Test
    void holdsResultsToTheirSchemaAndFetchesNone() throws Exception {
        try (ScriptedServer elsewhere = ScriptedServer.start(request -> request.status(200));
                ScriptedServer server = ScriptedServer.modern(request -> {
                    switch (request.method()) {
                        case "tools/list" ->
                            request.result("{'tools':[{'name':'sum','inputSchema':{'type':'object'},"
                                    + "'outputSchema':{'type':'object','properties':{'n':{'type':'integer'}},"
                                    + "'required':['n']}},{'name':'far','inputSchema':{'$ref':'URL'},'outputSchema':"
                                    + "{'$ref':'URL'}}]}"
                                            .replace("URL", elsewhere.uri().toString()));
                        default ->
                            request.result("{'content':[],'structuredContent':"
                                    + request.params().at("/arguments/give") + "}");
                    }
                });
                McpClient client = client(server).connect()) {
            assertThat(client.tools()).hasSize(2);
            assertThat(client.callTool("sum", give("{'n':5}")).structuredContent())
                    .isEqualTo(ScriptedServer.json("{'n':5}"));
            assertThatThrownBy(() -> client.callTool("sum", give("{'n':'five'}")))
                    .isInstanceOf(ProtocolViolationException.class)
                    .hasMessageContaining("/n must be integer");
            client.callTool("far", give("{'n':'five'}"));
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    @Test
    void waitsForATask() throws Exception {
        AtomicInteger polls = new AtomicInteger();
        List<String> status = new ArrayList<>();
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    switch (request.method()) {
                        case "tools/call" -> request.result("{'resultType':'task','status':'working'," + TASK + "}");
                        case "tasks/update" -> request.result("{'resultType':'complete'}");
                        default ->
                            request.result(
                                    switch (polls.incrementAndGet()) {
                                        case 1 -> "{'status':'working','statusMessage':'half'," + TASK + "}";
                                        case 2, 3 ->
                                            "{'status':'input_required','inputRequests':{'q':{'method':"
                                                    + "'elicitation/create','params':{'message':'?','requestedSchema':"
                                                    + "{'type':'object','properties':{}}}}}," + TASK + "}";
                                        default ->
                                            "{'status':'completed','result':{'content':[{'type':'text',"
                                                    + "'text':'done'}]}," + TASK + "}";
                                    });
                    }
                });
                McpClient client = client(server)
                        .onElicitation(form -> ElicitResult.decline())
                        .connect()) {
            assertThat(client.callTool("x", Map.of(), CallOptions.DEFAULT.onStatus(status::add))
                            .content())
                    .hasSize(1);
            assertThat(status).containsExactly("half");
            assertThat(server.requests("tasks/get").getFirst().header("Mcp-Name"))
                    .isEqualTo("t 1");
            assertThat(server.requests("tasks/update"))
                    .singleElement()
                    .satisfies(update -> assertThat(update.params().path("inputResponses"))
                            .isEqualTo(ScriptedServer.json("{'q':{'action':'decline'}}")));
            assertThat(server.requests("tasks/cancel")).isEmpty();
        }
    }

    @Test
    void tellsHowATaskEnded() throws Exception {
        for (String end : List.of("failed", "cancelled")) {
            try (ScriptedServer server = ScriptedServer.modern(request -> request.result("{'resultType':'"
                            + (request.method().equals("tools/call") ? "task" : "complete") + "','status':'" + end
                            + "','error':{'code':-5,'message':'gone'}," + TASK + "}"));
                    McpClient client = client(server).connect()) {
                assertThatThrownBy(() -> client.callTool("x", Map.of()))
                        .isInstanceOf(end.equals("failed") ? RpcException.class : CallCancelledException.class);
            }
        }
    }

    @Test
    void cancelsATaskThatNobodyWaitsFor() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    request.result("{'resultType':'" + (request.method().equals("tools/call") ? "task" : "complete")
                            + "','status':'working'," + TASK + "}");
                    if (request.method().equals("tasks/cancel")) {
                        cancelled.countDown();
                    }
                });
                McpClient client = client(server).connect()) {
            assertThatThrownBy(
                            () -> client.callTool("x", Map.of(), CallOptions.DEFAULT.maxTime(Duration.ofMillis(100))))
                    .isInstanceOf(CallTimeoutException.class);
            assertThat(cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void lendsTimeToAServerThatMakesProgressButNotForEver() throws Exception {
        ScriptedServer.Script slow = request -> {
            try (ScriptedServer.Events events = request.events()) {
                String token = request.params().at("/_meta/progressToken").toString();
                for (int i = 0; i < request.params().at("/arguments/steps").intValue(); i++) {
                    events.message("{'jsonrpc':'2.0','method':'notifications/progress','params':{'progressToken':"
                            + token + ",'progress':" + i + "}}");
                    Thread.sleep(20);
                }
                events.message("{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}");
            }
        };
        try (ScriptedServer server = ScriptedServer.modern(slow);
                McpClient client = client(server).connect()) {
            CallOptions patient =
                    CallOptions.DEFAULT.timeout(Duration.ofSeconds(1)).resetOnProgress(true);
            client.callTool("x", Map.of("steps", 60), patient);
            assertThatThrownBy(
                            () -> client.callTool("x", Map.of("steps", 1000), patient.maxTime(Duration.ofMillis(1500))))
                    .isInstanceOfSatisfying(
                            CallTimeoutException.class,
                            e -> assertThat(e.limit()).isLessThanOrEqualTo(Duration.ofMillis(1500)));
        }
    }

    @Test
    void listensAgainAfterTheServerWasGone() throws Exception {
        BlockingQueue<ServerChange> changes = new LinkedBlockingQueue<>();
        CountDownLatch over = new CountDownLatch(1);
        ScriptedServer.Script script = request -> {
            try (ScriptedServer.Events events = request.events()) {
                events.message("{'jsonrpc':'2.0','method':'notifications/subscriptions/acknowledged','params':{"
                        + "'_meta':{'io.modelcontextprotocol/subscriptionId':ID},'notifications':"
                        + "{'toolsListChanged':true}}}");
                over.await();
            }
        };
        ScriptedServer first = ScriptedServer.modern(script);
        int port = first.port();
        try (McpClient client = client(first).connect();
                Subscription subscription = client.listen(
                        SubscriptionFilter.builder()
                                .toolsListChanged(true)
                                .promptsListChanged(true)
                                .build(),
                        changes::add)) {
            assertThat(subscription.honoured().promptsListChanged()).isFalse();
            first.close();
            try (ScriptedServer second = ScriptedServer.start(port, request -> {
                if (request.method().equals("server/discover")) {
                    request.result(ScriptedServer.DISCOVERED);
                } else {
                    script.answer(request);
                }
            })) {
                assertThat(changes.poll(30, TimeUnit.SECONDS)).isEqualTo(new ServerChange.Tools());
                assertThat(second.requests("subscriptions/listen")).isNotEmpty();
            }
        } finally {
            over.countDown();
            first.close();
        }
    }

    @Test
    void doesNotListenToAServerThatHasNothingToSay() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> request.error(404, -32601, "Method not found"));
                McpClient client = client(server).connect()) {
            assertThatThrownBy(() -> client.listen(SubscriptionFilter.builder().build(), change -> {}))
                    .isInstanceOfSatisfying(
                            RpcException.class, e -> assertThat(e.status()).isEqualTo(404));
        }
    }

    @Test
    void usesAConnectionAgain() throws Exception {
        try (ScriptedServer server = ScriptedServer.modern(request -> {
                    try (ScriptedServer.Events events = request.events()) {
                        events.message("{'jsonrpc':'2.0','id':ID,'result':{'content':[]}}");
                    }
                });
                McpClient client = client(server).connect()) {
            // The next call may be faster than the end of the stream, and open a connection of its own.
            int most = 200;
            while (ports(server) == server.requests().size() && most-- > 0) {
                client.callTool("x", Map.of());
            }
            assertThat(ports(server)).isLessThan(server.requests().size());
        }
    }

    private static int ports(ScriptedServer server) {
        return (int) server.requests().stream()
                .map(request -> request.http().getRemoteAddress().getPort())
                .distinct()
                .count();
    }

    @Test
    void asksItsAuthorizationAndCountsNoTimeForIt() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        HttpAuthorization authorization = new HttpAuthorization() {
            @Override
            public Map<String, String> fields(Request request) {
                return asked.get() == 0 ? Map.of() : Map.of("Authorization", "Bearer good");
            }

            @Override
            public Verdict answered(
                    Request request, Map<String, String> sent, int status, Function<String, List<String>> fields) {
                if (status != 401) {
                    return Verdict.ACCEPT;
                }
                assertThat(fields.apply("WWW-Authenticate")).containsExactly("Bearer");
                asked.incrementAndGet();
                pause(400);
                return Verdict.SEND_AGAIN;
            }
        };
        try (ScriptedServer server = ScriptedServer.start(request -> {
                    if (request.header("Authorization").equals("Bearer good")) {
                        request.result(ScriptedServer.DISCOVERED);
                    } else {
                        request.http().getResponseHeaders().set("WWW-Authenticate", "Bearer");
                        request.status(401);
                    }
                });
                McpClient client = client(server)
                        .authorization(authorization)
                        .connectTimeout(Duration.ofMillis(300))
                        .connect()) {
            assertThat(client.server().info()).isNull();
            assertThat(asked.get()).isEqualTo(1);
        }
    }

    @Test
    void takesNoAddressThatIsNone() {
        for (String address : List.of("ftp://host/x", "/mcp", "http:opaque", "http://user:secret@host/mcp")) {
            assertThatThrownBy(() -> McpClient.http(URI.create(address)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("secret");
        }
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> give(String json) {
        return Map.of("give", ScriptedServer.json(json));
    }

    private static McpClientBuilder client(ScriptedServer server) {
        return McpClient.http(server.uri()).timeout(Duration.ofSeconds(20));
    }
}
