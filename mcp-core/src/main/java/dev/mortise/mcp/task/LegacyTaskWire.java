package dev.mortise.mcp.task;

import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** How tasks look to clients of revision 2025-11-25 (tasks: Data Types). */
final class LegacyTaskWire {
    private static final String RELATED_TASK = "io.modelcontextprotocol/related-task";
    private static final String IMMEDIATE_RESPONSE = "io.modelcontextprotocol/model-immediate-response";
    private static final int LONGEST_REASON = 300;

    private final Duration pollInterval;

    LegacyTaskWire(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    ObjectNode task(Task task) {
        StoredTask row = task.row();
        ObjectNode wire = Json.object().put("taskId", row.id()).put("status", status(task));
        String message = message(task);
        if (message != null) {
            wire.put("statusMessage", message);
        }
        return wire.put("createdAt", row.createdAt().toString())
                .put("lastUpdatedAt", row.updatedAt().toString())
                .put("ttl", Duration.between(row.createdAt(), row.expiresAt()).toMillis())
                .put("pollInterval", pollInterval.toMillis());
    }

    /** The answer to a call that has become a task. */
    ExtensionResult created(Task task) {
        ObjectNode members = Json.object();
        members.set("task", task(task));
        return ExtensionResult.of(members)
                .withMeta(related(Meta.EMPTY, task.id())
                        .with(
                                IMMEDIATE_RESPONSE,
                                "The tool " + task.body().tool()
                                        + " is at work in the background; its result will come later."));
    }

    /** The result of the call itself, said to be this task's. */
    CallToolResult result(Task task) {
        CallToolResult result = Json.mapper().treeToValue(task.body().result(), CallToolResult.class);
        return result.withMeta(related(result.meta(), task.id()));
    }

    Message.Notification statusNotification(Task task) {
        return Message.Notification.of("notifications/tasks/status", task(task));
    }

    Message.Notification progressNotification(Task task, JsonNode token, TaskBody.Progress progress) {
        ObjectNode params = Json.object();
        params.set("progressToken", token);
        params.put("progress", progress.value());
        if (progress.total() != null) {
            params.put("total", progress.total());
        }
        if (progress.message() != null) {
            params.put("message", progress.message());
        }
        params.putObject("_meta").putObject(RELATED_TASK).put("taskId", task.id());
        return Message.Notification.of("notifications/progress", params);
    }

    /** A tool that reports a failure has failed, here (tasks: Task Execution Errors). */
    static String status(Task task) {
        TaskStatus status =
                task.status() == TaskStatus.COMPLETED && task.isToolError() ? TaskStatus.FAILED : task.status();
        return status.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String message(Task task) {
        String said = task.body().message();
        JsonNode result = task.body().result();
        if (said != null || result == null || !task.isToolError()) {
            return said;
        }
        for (JsonNode content : result.path("content")) {
            if (content.path("text").isString()) {
                return Excerpt.of(content.path("text").stringValue(), LONGEST_REASON);
            }
        }
        return "The tool has failed.";
    }

    private static Meta related(Meta meta, String task) {
        return meta.with(RELATED_TASK, Json.object().put("taskId", task));
    }
}
