package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ToolDefinition;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** For whom, and until when, results are used again. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeptResultsTest {
    private final AtomicReference<String> token = new AtomicReference<>("alice");

    @Test
    void whatIsPrivateIsForOneCredentialOnly() throws Exception {
        try (ScriptedServer server = reading("private");
                McpClient client = client(server)) {
            assertThat(read(client)).contains("Bearer alice");
            assertThat(read(client)).contains("Bearer alice");
            assertThat(server.requests("resources/read")).hasSize(1);
            token.set("bob");
            assertThat(read(client)).contains("Bearer bob");
            token.set("alice");
            assertThat(read(client)).contains("Bearer alice");
            assertThat(server.requests("resources/read")).hasSize(3);
        }
    }

    @Test
    void whatDoesNotSayThatItIsPublicIsPrivate() throws Exception {
        try (ScriptedServer server = reading("?");
                McpClient client = client(server)) {
            read(client);
            token.set("bob");
            assertThat(read(client)).contains("Bearer bob");
        }
    }

    @Test
    void whatIsPublicIsForAll() throws Exception {
        try (ScriptedServer server = reading("public");
                McpClient client = client(server)) {
            read(client);
            token.set("bob");
            assertThat(read(client)).contains("Bearer alice");
            assertThat(server.requests("resources/read")).hasSize(1);
        }
    }

    @Test
    void whatMayDependOnMoreThanTheParamsIsNotKept() throws Exception {
        CallOptions german = CallOptions.DEFAULT.meta(new Meta(Map.of("com.example/language", Json.tree("de"))));
        try (ScriptedServer server = reading("public");
                McpClient client = client(server)) {
            read(client);
            client.readResource("a:b", german);
            client.readResource("a:b", german);
            assertThat(server.requests("resources/read")).hasSize(3);
        }
    }

    @Test
    void aListBeginsAnewWhereAKeptPageLeadsNowhere() throws Exception {
        AtomicInteger generation = new AtomicInteger();
        try (ScriptedServer server = listing(generation, "");
                McpClient client = client(server)) {
            assertThat(client.tools().map(ToolDefinition::name)).containsExactly("last");
            generation.incrementAndGet();
            assertThat(client.tools().map(ToolDefinition::name)).containsExactly("last");
        }
    }

    @Test
    void aKeptPageThatLeadsNowhereCostsOneListAtMost() throws Exception {
        AtomicInteger generation = new AtomicInteger();
        try (ScriptedServer server = listing(generation, "{'name':'first','inputSchema':{'type':'object'}}");
                McpClient client = client(server)) {
            assertThat(client.tools().map(ToolDefinition::name)).containsExactly("first", "last");
            generation.incrementAndGet();
            assertThatThrownBy(() -> client.tools().toList()).isInstanceOf(RpcException.class);
            assertThat(client.tools().map(ToolDefinition::name)).containsExactly("first", "last");
        }
    }

    @Test
    void aToolThatIsNotListedAnyMoreHasPromisedNothing() throws Exception {
        AtomicReference<String> tools = new AtomicReference<>(
                "{'name':'t','inputSchema':{'type':'object'}," + "'outputSchema':{'type':'object','required':['n']}}");
        try (ScriptedServer server = ScriptedServer.modern(request -> request.result(
                        request.method().equals("tools/list") ? "{'tools':[" + tools + "]}" : "{'content':[]}"));
                McpClient client = client(server)) {
            assertThat(client.tools()).hasSize(1);
            assertThatThrownBy(() -> client.callTool("t", Map.of())).isInstanceOf(ProtocolViolationException.class);
            tools.set("");
            assertThat(client.tools()).isEmpty();
            assertThat(client.callTool("t", Map.of()).content()).isEmpty();
        }
    }

    private McpClient client(ScriptedServer server) {
        return McpClient.to(HttpEndpoint.of(server.uri()).authorization(HttpAuthorization.bearer(token::get)))
                .connect();
    }

    private static String read(McpClient client) {
        return client.readResource("a:b").toString();
    }

    /** A server whose one resource says who asked. */
    private static ScriptedServer reading(String scope) throws IOException {
        return ScriptedServer.modern(request -> request.result("{'contents':[{'uri':'a:b','text':'"
                + request.header("Authorization") + "'}],'ttlMs':60000,'cacheScope':'" + scope + "'}"));
    }

    /** A list of two pages, the first of which may be kept although the way to the second is good for a while only. */
    private static ScriptedServer listing(AtomicInteger generation, String first) throws IOException {
        return ScriptedServer.modern(request -> {
            String cursor = request.params().path("cursor").asString("");
            if (cursor.isEmpty()) {
                request.result("{'tools':[" + first + "],'nextCursor':'" + generation
                        + "','ttlMs':60000,'cacheScope':'public'}");
            } else if (cursor.equals(generation.toString())) {
                request.result("{'tools':[{'name':'last','inputSchema':{'type':'object'}}]}");
            } else {
                request.error(400, -32602, "Unknown cursor");
            }
        });
    }
}
