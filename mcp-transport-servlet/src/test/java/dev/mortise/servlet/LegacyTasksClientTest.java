package dev.mortise.servlet;

import static dev.mortise.mcp.server.ToolOutcome.ask;
import static dev.mortise.mcp.server.ToolOutcome.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.http.HttpOptions;
import dev.mortise.mcp.http.StreamableHttp;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client of this library and its server in revision 2025-11-25, where a tool has to be called as a task. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LegacyTasksClientTest {
    public record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who are you?");

    @Test
    void aTaskIsFollowedAskedInsideAndEndsAsTheCallWould() throws Exception {
        try (McpServer server = McpServer.builder("demo", "1")
                        .plugin(Tasks.builder()
                                .pollInterval(Duration.ofMillis(50))
                                .build())
                        .tool(Tool.named("greet")
                                .with(Tasks.MODE, TaskMode.only())
                                .handle((in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                                        ? done("Hello, " + ok.value().name())
                                        : ask(NAME)))
                        .tool(Tool.named("refuse")
                                .with(Tasks.MODE, TaskMode.only())
                                .handle((in, call) -> ToolOutcome.refused(
                                        new Refusal.DependencyUnavailable("mill", Duration.ofSeconds(1)))))
                        .build();
                Container container = Container.start(
                        Container.Kind.JETTY,
                        Map.of(
                                "/mcp",
                                StreamableHttp.of(
                                        server::handle, HttpOptions.builder().build())));
                McpClient client = McpClient.http(URI.create("http://127.0.0.1:" + container.port() + "/mcp"))
                        .versions(ProtocolVersion.V2025_11_25)
                        .onElicitation(form -> ElicitResult.accept(Json.object().put("name", "Zoë")))
                        .connect()) {
            assertThat(client.tools()).hasSize(2);
            CallToolResult greeted = client.callTool("greet", Map.of());
            assertThat(((TextContent) greeted.content().get(0)).text()).isEqualTo("Hello, Zoë");
            assertThatThrownBy(() -> client.callTool("refuse", Map.of()))
                    .isInstanceOf(RpcException.class)
                    .hasMessageContaining("mill");
        }
    }
}
