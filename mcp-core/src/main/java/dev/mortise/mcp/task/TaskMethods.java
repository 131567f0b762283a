package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CreateMessageResult;
import dev.mortise.mcp.schema.ElicitResult;
import dev.mortise.mcp.schema.ExtensionResult;
import dev.mortise.mcp.schema.ListRootsResult;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.TaskStatus;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code tasks/get}, {@code tasks/update}, {@code tasks/cancel}. */
final class TaskMethods {
    record TaskId(@Nullable String taskId) {
        TaskId {
            required(taskId);
        }

        String id() {
            return required(taskId);
        }
    }

    record Update(@Nullable String taskId, @Nullable Map<String, JsonNode> inputResponses) {
        Update {
            required(taskId);
            if (inputResponses == null) {
                throw new IllegalArgumentException("inputResponses must be an object");
            }
        }
    }

    private final RunningServer server;
    private final TaskLedger ledger;
    private final TaskRunner runner;
    private final TaskKeeper keeper;
    private final TaskWire wire;

    TaskMethods(RunningServer server, TaskLedger ledger, TaskRunner runner, TaskKeeper keeper, TaskWire wire) {
        this.server = server;
        this.ledger = ledger;
        this.runner = runner;
        this.keeper = keeper;
        this.wire = wire;
    }

    /** A caller's own task, if the policy still lets the caller use its tool. */
    sealed interface Access {
        record Granted(Task task) implements Access {}

        record Refused(Refusal refusal) implements Access {}
    }

    Access access(Call call, String id) {
        Optional<Task> found = ledger.find(call, id);
        if (found.isEmpty()) {
            return unknown();
        }
        return switch (decide(call.caller(), found.get())) {
            case Decision.Allow allow -> new Access.Granted(found.get());
            case Decision.Challenge challenge -> new Access.Refused(challenge.refusal());
            case Decision.Deny deny -> unknown();
        };
    }

    /** What the policy says about the tool of a task. */
    Decision decide(Caller caller, Task task) {
        String name = task.body().tool();
        Attributes attributes = server.tool(caller, name).map(Tool::attributes).orElse(Attributes.NONE);
        return server.decide(caller, Target.of(Target.Kind.TOOL, name, attributes));
    }

    private Access unknown() {
        return new Access.Refused(Refusal.InvalidParams.of(runner.words().notFound()));
    }

    private Outcome with(Call call, String id, Function<Task, ExtensionResult> work) {
        return switch (access(call, id)) {
            case Access.Granted granted -> new Outcome.Complete(work.apply(granted.task()));
            case Access.Refused refused -> new Outcome.Refused(refused.refusal());
        };
    }

    Outcome get(TaskId params, Call call) {
        return with(
                call, params.id(), task -> ExtensionResult.of(wire.detailed(keeper.attended(task, call.context()))));
    }

    Outcome cancel(TaskId params, Call call) {
        return with(call, params.id(), task -> {
            runner.cancel(task.id(), runner.words().cancelledByClient());
            return ExtensionResult.empty();
        });
    }

    Outcome update(Update params, Call call) {
        return switch (access(call, required(params.taskId()))) {
            case Access.Refused refused -> new Outcome.Refused(refused.refusal());
            case Access.Granted granted -> update(granted.task(), params.inputResponses(), call);
        };
    }

    /** Takes answers, by the keys on the wire; refused if one of them is no answer to its question. */
    Outcome update(Task task, @Nullable Map<String, JsonNode> responses, Call call) {
        Map<String, JsonNode> given = responses == null ? Map.of() : responses;
        for (Map.Entry<String, TaskBody.Input> open : task.body().inputs().entrySet()) {
            JsonNode response = given.get(open.getKey());
            if (response != null && !isAnswer(open.getValue().request(), response)) {
                return new Outcome.Refused(
                        Refusal.InvalidParams.of("inputResponses." + open.getKey() + " is no answer to its request"));
            }
        }
        Optional<Task> changed = ledger.change(task.id(), latest -> answered(latest, given));
        changed.filter(latest -> latest.status() == TaskStatus.WORKING)
                .ifPresent(latest -> runner.resume(latest, call.context()));
        return new Outcome.Complete(ExtensionResult.empty());
    }

    /** The task with the answers that it waits for; others are ignored (tasks: Task Update Requests). */
    private @Nullable Task answered(Task task, Map<String, JsonNode> given) {
        Map<String, TaskBody.Input> open = new LinkedHashMap<>(task.body().inputs());
        Map<String, JsonNode> answers = new LinkedHashMap<>(task.body().answers());
        given.forEach((key, response) -> {
            TaskBody.Input input = open.get(key);
            // Looked at once more: the questions may be others by now than those it was checked against.
            if (input != null && isAnswer(input.request(), response)) {
                open.remove(key);
                answers.put(input.key(), response);
            }
        });
        if (task.status() != TaskStatus.INPUT_REQUIRED
                || open.size() == task.body().inputs().size()) {
            return null;
        }
        return open.isEmpty()
                ? task.answered(answers, ledger.lease(), ledger.now())
                : task.partlyAnswered(open, answers, ledger.now());
    }

    private static boolean isAnswer(JsonNode request, JsonNode response) {
        Class<?> type = switch (request.path("method").asString("")) {
            case "elicitation/create" -> ElicitResult.class;
            case "sampling/createMessage" -> CreateMessageResult.class;
            default -> ListRootsResult.class;
        };
        try {
            return response.isObject() && Json.mapper().treeToValue(response, type) != null;
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String required(@Nullable String taskId) {
        if (taskId == null) {
            throw new IllegalArgumentException("taskId must be the id of a task");
        }
        return taskId;
    }
}
