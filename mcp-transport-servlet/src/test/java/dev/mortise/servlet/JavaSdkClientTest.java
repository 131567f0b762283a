package dev.mortise.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.HttpClientStreamableHttpTransport;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of the official Java SDK, which speaks 2025-11-25, against a server that knows nothing of revisions. */
@Timeout(60)
class JavaSdkClientTest {
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
    private LegacyServer server;
    private McpSyncClient client;

    @BeforeEach
    void connect() throws Exception {
        server = new LegacyServer(Container.Kind.JETTY_VIRTUAL, Duration.ofSeconds(15));
        client = McpClient.sync(HttpClientStreamableHttpTransport.builder("http://127.0.0.1:" + server.port())
                        .endpoint("/mcp")
                        .openConnectionOnStartup(true)
                        .build())
                .requestTimeout(Duration.ofSeconds(20))
                .capabilities(McpSchema.ClientCapabilities.builder()
                        .elicitation()
                        .sampling()
                        .roots(true)
                        .build())
                .roots(new McpSchema.Root("file:///work", "work"))
                .elicitation(asked -> new McpSchema.ElicitResult(
                        McpSchema.ElicitResult.Action.ACCEPT, Map.of("name", asked.message())))
                .sampling(asked -> new McpSchema.CreateMessageResult(
                        McpSchema.Role.ASSISTANT,
                        new McpSchema.TextContent("sampled"),
                        "model",
                        McpSchema.CreateMessageResult.StopReason.END_TURN))
                .toolsChangeConsumer(heard::add)
                .resourcesChangeConsumer(heard::add)
                .loggingConsumer(heard::add)
                .build();
        client.initialize();
    }

    @AfterEach
    void disconnect() throws Exception {
        client.closeGracefully();
        server.close();
    }

    private String call(String tool, Map<String, Object> arguments) {
        McpSchema.CallToolResult result = client.callTool(new McpSchema.CallToolRequest(tool, arguments));
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }

    @Test
    void listsCallsAndReads() {
        assertThat(client.getServerInfo().name()).isEqualTo("legacy");
        assertThat(client.listTools().tools())
                .extracting(McpSchema.Tool::name)
                .containsExactly("add", "model", "name", "roots");
        McpSchema.CallToolResult sum = client.callTool(new McpSchema.CallToolRequest("add", Map.of("a", 1, "b", 2)));
        assertThat(sum.structuredContent().toString()).isEqualTo("{sum=3}");
        McpSchema.ReadResourceResult read = client.readResource(new McpSchema.ReadResourceRequest("docs:///a"));
        assertThat(((McpSchema.TextResourceContents) read.contents().get(0)).text())
                .isEqualTo("A");
        assertThatThrownBy(() -> client.readResource(new McpSchema.ReadResourceRequest("docs:///none")))
                .isInstanceOf(McpError.class)
                .hasMessageContaining("not found");
        client.ping();
    }

    @Test
    void isAsked() {
        assertThat(call("name", Map.of())).isEqualTo("got Name[name=Who are you?]");
        assertThat(call("model", Map.of())).contains("sampled");
        assertThat(call("roots", Map.of())).contains("file:///work");
    }

    @Test
    void hearsOfLogsAndChanges() throws Exception {
        client.setLoggingLevel(McpSchema.LoggingLevel.WARNING);
        call("add", Map.of("a", 1, "b", 2));
        assertThat(next()).isInstanceOf(McpSchema.LoggingMessageNotification.class);
        server.mcp.events().toolsChanged();
        assertThat(next()).isInstanceOf(List.class);
    }

    private Object next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }
}
