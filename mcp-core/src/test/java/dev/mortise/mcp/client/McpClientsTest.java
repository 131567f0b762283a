package dev.mortise.mcp.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpClients;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many servers, of which some are no good. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class McpClientsTest {
    public record Nothing() {}

    @Test
    void oneDeadServerDoesNotBlockTheOthers() throws Exception {
        int closed;
        try (ScriptedServer gone = ScriptedServer.start(request -> {})) {
            closed = gone.port();
        }
        try (ScriptedServer slow = ScriptedServer.start(request -> Thread.sleep(Duration.ofMinutes(1)));
                McpServer one = server("one");
                McpServer two = server("two");
                McpClients servers = McpClients.builder()
                        .add("dead", McpClient.http(URI.create("http://127.0.0.1:" + closed + "/mcp")))
                        .add("slow", McpClient.http(slow.uri()))
                        .add("b", McpClient.inMemory(two))
                        .add("a", McpClient.inMemory(one))
                        .patience(Duration.ofSeconds(2))
                        .build()) {
            assertThat(servers.tools()).extracting(QualifiedTool::name).containsExactly("a__who", "b__who");
            assertThat(servers.problems()).containsOnlyKeys("dead", "slow");
            assertThat(servers.callTool("b__who", Map.of()).content().toString())
                    .contains("two");
            assertThatThrownBy(() -> servers.callTool("dead__who", Map.of())).isInstanceOf(TransportException.class);
            assertThatThrownBy(() -> servers.callTool("c__who", Map.of())).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> servers.callTool("who", Map.of())).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void comesBackToAServerThatComesBack() throws Exception {
        int port;
        try (ScriptedServer gone = ScriptedServer.start(request -> {})) {
            port = gone.port();
        }
        try (McpClients servers = McpClients.builder()
                .add("x", McpClient.http(URI.create("http://127.0.0.1:" + port + "/mcp")))
                .build()) {
            assertThat(servers.tools()).isEmpty();
            assertThat(servers.problems()).containsKey("x");
            try (ScriptedServer back = ScriptedServer.start(
                    port,
                    request -> request.result(
                            request.method().equals("server/discover")
                                    ? ScriptedServer.DISCOVERED
                                    : "{'tools':[{'name':'t','inputSchema':{'type':'object'}}]}"))) {
                assertThat(back.port()).isEqualTo(port);
                assertThat(servers.tools()).hasSize(1);
                assertThat(servers.problems()).isEmpty();
            }
        }
    }

    @Test
    void keysThatCouldBeMistakenAreRefused() {
        for (String key : new String[] {"", "a__b", "a_", "a b", "_", "ä"}) {
            assertThatThrownBy(() -> McpClients.builder().add(key, McpClient.stdio("x")))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() ->
                        McpClients.builder().add("a", McpClient.stdio("x")).add("a", McpClient.stdio("y")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static McpServer server(String name) {
        return McpServer.builder(name, "1")
                .tool(Tool.of("who", "Says who", Nothing.class, in -> name))
                .build();
    }
}
