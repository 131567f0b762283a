package dev.mortise.elsewhere;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Answer;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolHandler;
import dev.mortise.mcp.server.ToolOutcome;
import dev.mortise.mcp.skill.Skills;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.InMemoryTransport;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What {@link ModulePathTest} starts: asks a question in the foreground, and another in a task. */
public final class ModularApplication {
    /** The answer. */
    public record Name(String name) {}

    private static final Question<Name> NAME = Question.form("name", Name.class, "Who?");
    private static final String META = """
            "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",
            "io.modelcontextprotocol/clientCapabilities":
            {"elicitation":{},"extensions":{"io.modelcontextprotocol/tasks":{}}}}""";
    private static final String ADA = "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}";

    private ModularApplication() {}

    /** Prints what the two calls come to. */
    public static void main(String[] args) {
        ToolHandler<ObjectNode> asks = (in, call) -> call.answer(NAME) instanceof Answer.Accepted<Name> ok
                ? "Hello " + ok.value().name()
                : ToolOutcome.ask(NAME);
        try (McpServer server = McpServer.builder("modular", "1")
                .plugin(Tasks.create())
                .tool(Tool.named("asks").handle(asks))
                .tool(Tool.named("task").with(Tasks.MODE, TaskMode.always()).handle(asks))
                .build()) {
            InMemoryTransport wire = InMemoryTransport.to(server::handle);
            String state = send(wire, "tools/call", "\"name\":\"asks\"")
                    .path("requestState")
                    .stringValue();
            JsonNode answered = send(
                    wire,
                    "tools/call",
                    "\"name\":\"asks\",\"inputResponses\":{\"name\":" + ADA + "},\"requestState\":\"" + state + "\"");
            System.out.println("call: " + answered.at("/content/0/text").stringValue());
            String id = "\"taskId\":\""
                    + send(wire, "tools/call", "\"name\":\"task\"")
                            .path("taskId")
                            .stringValue() + "\"";
            JsonNode asking = until(wire, id, "input_required");
            String key = asking.path("inputRequests").propertyNames().iterator().next();
            send(wire, "tasks/update", id + ",\"inputResponses\":{\"" + key + "\":" + ADA + "}");
            JsonNode completed = until(wire, id, "completed");
            System.out.println("task: " + completed.at("/result/content/0/text").stringValue());
        }
        try {
            Skills.folder(Path.of("."));
        } catch (IllegalStateException e) {
            System.out.println(e.getMessage());
        }
        System.out.println(McpServer.class.getModule());
    }

    private static JsonNode until(InMemoryTransport wire, String id, String status) {
        JsonNode task = send(wire, "tasks/get", id);
        while (!task.path("status").stringValue().equals(status)) {
            task = send(wire, "tasks/get", id);
        }
        return task;
    }

    private static JsonNode send(InMemoryTransport wire, String method, String params) {
        return wire.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\",\"params\":{" + params + ","
                        + META + "}}")
                .result();
    }
}
