package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.ListenTopic;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.schema.ClientCapabilities;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** The state of single tasks, told on listen streams (tasks: Task Status Notifications). */
final class TaskTopic implements ListenTopic {
    private static final int MAX_TASKS = 1_000;

    private final Tasks tasks;

    TaskTopic(Tasks tasks) {
        this.tasks = tasks;
    }

    @Override
    public String name() {
        return TaskLedger.TOPIC;
    }

    @Override
    public Wish open(Call call, JsonNode wish) {
        if (!call.context().capabilities().supportsExtension(Tasks.ID)) {
            return new Wish.Refused(new Refusal.MissingCapability(ClientCapabilities.builder()
                    .extension(Tasks.ID, Json.object())
                    .build()));
        }
        if (!wish.isArray() || wish.size() > MAX_TASKS || wish.valueStream().anyMatch(id -> !id.isString())) {
            return new Wish.Refused(
                    Refusal.InvalidParams.of("taskIds must be an array of at most " + MAX_TASKS + " ids"));
        }
        Set<String> mine = new LinkedHashSet<>();
        ArrayNode acknowledged = Json.mapper().createArrayNode();
        wish.forEach(id -> {
            if (tasks.find(call, id.stringValue()).isPresent() && mine.add(id.stringValue())) {
                acknowledged.add(id.stringValue());
            }
        });
        // Each is told at once: a task that ends before its client listens would otherwise never be heard of.
        return new Wish.Honoured(mine, acknowledged, true);
    }

    @Override
    public Optional<Message.Notification> tell(Call call, String key) {
        return tasks.find(call, key).map(task -> tasks.wire().notification(task));
    }
}
