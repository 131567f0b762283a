package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.call.IdempotencyKey;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.Meta;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client does when the answer to a call was lost with its connection. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ResendingTest {
    private static final String SAFE = ScriptedServer.DISCOVERED.replace(
            "'capabilities':{", "'capabilities':{'extensions':{'dev.mortise/idempotentCalls':{}},");

    private final AtomicInteger calls = new AtomicInteger();

    private interface Answer {
        void give(ScriptedServer.Request request, int call) throws Exception;
    }

    private ScriptedServer server(String discovered, Answer answer) throws Exception {
        return ScriptedServer.start(request -> {
            switch (request.method()) {
                case "server/discover" -> request.result(discovered);
                default -> answer.give(request, calls.incrementAndGet());
            }
        });
    }

    private static McpClient client(ScriptedServer server) {
        return McpClient.http(server.uri()).timeout(Duration.ofSeconds(20)).connect();
    }

    private static List<String> keys(ScriptedServer server) {
        return server.requests("tools/call").stream()
                .map(request -> request.params()
                        .path("_meta")
                        .path(IdempotencyKey.META_KEY)
                        .asString("none"))
                .toList();
    }

    @Test
    void aLostCallIsSentAgainUnderItsKey() throws Exception {
        try (ScriptedServer server = server(SAFE, (request, call) -> {
                    if (call == 1) {
                        request.http().close();
                    } else {
                        request.result("{'content':[]}");
                    }
                });
                McpClient client = client(server)) {
            client.server();
            client.callTool("pay", Map.of("a", 1));
            client.callTool("pay", Map.of("a", 1));
            List<String> keys = keys(server);
            assertThat(keys).hasSize(3).doesNotContain("none");
            assertThat(keys.get(1)).isEqualTo(keys.get(0));
            assertThat(keys.get(2)).as("another call").isNotEqualTo(keys.get(0));
        }
    }

    @Test
    void whereTheFirstIsStillRunningItAsksAgain() throws Exception {
        try (ScriptedServer server = server(SAFE, (request, call) -> {
                    switch (call) {
                        case 1 -> request.http().close();
                        case 2 ->
                            request.json(
                                    409,
                                    "{'jsonrpc':'2.0','id':ID,'error':{'code':409,'message':'running','data':"
                                            + "{'reason':'idempotency-key-in-use'}}}");
                        default -> request.result("{'content':[]}");
                    }
                });
                McpClient client = client(server)) {
            client.server();
            client.callTool("pay", Map.of());
            assertThat(keys(server)).hasSize(3).containsOnly(keys(server).getFirst());
        }
    }

    @Test
    void aKeyOfTheCallersOwnIsKept() throws Exception {
        try (ScriptedServer server = server(SAFE, (request, call) -> request.result("{'content':[]}"));
                McpClient client = client(server)) {
            client.server();
            client.callTool("pay", Json.object(), CallOptions.DEFAULT.meta(Meta.of(IdempotencyKey.META_KEY, "mine")));
            assertThat(keys(server)).containsExactly("mine");
        }
    }

    @Test
    void whereThatIsNotSaidToBeSafeItIsNotDone() throws Exception {
        try (ScriptedServer server = server(
                        ScriptedServer.DISCOVERED,
                        (request, call) -> request.http().close());
                McpClient client = client(server)) {
            client.server();
            assertThatThrownBy(() -> client.callTool("pay", Map.of())).isInstanceOf(TransportException.class);
            assertThat(keys(server)).containsExactly("none");
        }
    }

    @Test
    void itGivesUpInTheEnd() throws Exception {
        try (ScriptedServer server =
                        server(SAFE, (request, call) -> request.http().close());
                McpClient client = client(server)) {
            client.server();
            assertThatThrownBy(() -> client.callTool("pay", Map.of())).isInstanceOf(TransportException.class);
            assertThat(keys(server)).hasSize(3).containsOnly(keys(server).getFirst());
        }
    }
}
