package dev.mortise.mcp.task;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** How tasks look to clients (tasks: Tasks). */
final class TaskWire {
    private final Duration pollInterval;

    TaskWire(Duration pollInterval) {
        this.pollInterval = pollInterval;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    /** What every message about a task says. */
    ObjectNode brief(Task task) {
        StoredTask row = task.row();
        ObjectNode wire = Json.object().put("taskId", row.id()).put("status", name(row.status()));
        if (task.body().message() != null) {
            wire.put("statusMessage", task.body().message());
        }
        return wire.put("createdAt", row.createdAt().toString())
                .put("lastUpdatedAt", row.updatedAt().toString())
                .put("ttlMs", Duration.between(row.createdAt(), row.expiresAt()).toMillis())
                .put("pollIntervalMs", pollInterval.toMillis());
    }

    /** The same with what belongs to its status: questions, result, error. */
    ObjectNode detailed(Task task) {
        ObjectNode wire = brief(task);
        TaskBody body = task.body();
        switch (task.status()) {
            case WORKING, CANCELLED -> {}
            case INPUT_REQUIRED -> {
                ObjectNode requests = wire.putObject("inputRequests");
                body.inputs().forEach((key, input) -> requests.set(key, input.request()));
            }
            case COMPLETED -> wire.set("result", body.result());
            case FAILED -> wire.set("error", body.error());
        }
        return wire;
    }

    Message.Notification notification(Task task) {
        return Message.Notification.of("notifications/tasks", detailed(task));
    }

    private static String name(TaskStatus status) {
        return status.name().toLowerCase(Locale.ROOT);
    }
}
