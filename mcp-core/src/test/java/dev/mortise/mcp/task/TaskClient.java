package dev.mortise.mcp.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.TestClient;
import dev.mortise.mcp.transport.Received;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/** The client's side of the extension. */
final class TaskClient {
    static final String CAPABLE = "{'elicitation':{},'sampling':{},'extensions':{'io.modelcontextprotocol/tasks':{}}}";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TestClient client;

    private TaskClient(TestClient client) {
        this.client = client;
    }

    static TaskClient of(McpServer server) {
        return new TaskClient(TestClient.of(server).withCapabilities(CAPABLE));
    }

    TestClient plain() {
        return client;
    }

    /** Calls a tool and expects a task. */
    JsonNode begin(String tool, String arguments) {
        JsonNode created = client.call(tool, arguments).result();
        assertThat(created.path("resultType").stringValue()).isEqualTo("task");
        return created;
    }

    String beginId(String tool, String arguments) {
        return begin(tool, arguments).path("taskId").stringValue();
    }

    JsonNode get(String id) {
        return client.result("tasks/get", "{'taskId':'" + id + "'}");
    }

    Received update(String id, String responses) {
        return client.send("tasks/update", "{'taskId':'" + id + "','inputResponses':" + responses + "}");
    }

    JsonNode cancel(String id) {
        return client.result("tasks/cancel", "{'taskId':'" + id + "'}");
    }

    /** Asks until the task stands there; tasks go on by themselves, so a test cannot but ask again. */
    JsonNode until(String id, String status) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        JsonNode task = get(id);
        while (!task.path("status").stringValue().equals(status)) {
            assertThat(System.nanoTime()).as("still %s", task).isLessThan(deadline);
            Thread.onSpinWait();
            Thread.yield();
            task = get(id);
        }
        return task;
    }
}
