package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.RpcException;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.schema.Meta;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Follows a call that the server made a task of, until it ends (extension {@code io.modelcontextprotocol/tasks}). Who gives
 * up on the call cancels the task.
 */
final class Tasks {
    /** The extension's own kind of result. */
    static final String RESULT_TYPE = "task";

    private static final Logger LOG = LoggerFactory.getLogger(Tasks.class);
    private static final long SHORTEST_POLL = 20;
    private static final long DEFAULT_POLL = 1000;
    private static final long LONGEST_POLL = 60_000;

    private final Calls calls;
    private final Inputs inputs;

    Tasks(Calls calls, Inputs inputs) {
        this.calls = calls;
        this.inputs = inputs;
    }

    JsonNode follow(String method, JsonNode created, CallOptions options, Budget budget) throws InterruptedException {
        String id = created.path("taskId").asString("");
        if (!method.equals("tools/call") || id.isEmpty()) {
            throw new ProtocolViolationException(method + " was answered with a task that is not as specified");
        }
        boolean done = false;
        try {
            JsonNode result = poll(method, id, created, options, budget);
            done = true;
            return result;
        } catch (RpcException e) {
            done = true;
            throw e;
        } catch (TaskEnded e) {
            done = true;
            throw e.why;
        } finally {
            if (!done) {
                cancel(id);
            }
        }
    }

    /**
     * Follows a task of 2025-11-25. Its result is asked for as soon as it is there, or when the server wants to ask
     * something, which it does while that request waits.
     */
    JsonNode followLegacy(String method, JsonNode created, CallOptions options, Budget budget)
            throws InterruptedException {
        String id = created.path("taskId").asString("");
        if (id.isEmpty()) {
            throw new ProtocolViolationException(method + " was answered with a task that is not as specified");
        }
        ObjectNode params = Json.object().put("taskId", id);
        boolean done = false;
        try {
            String said = tell(created, "", options);
            JsonNode task = created;
            while (task.path("status").asString("").equals("working")) {
                pause(method, task.path("pollInterval"), options, budget);
                task = calls.send("tasks/get", params, Calls.Extras.NONE, polling(options), budget)
                        .result();
                said = tell(task, said, options);
            }
            Duration left = budget.left();
            if (!left.isPositive()) {
                throw new CallTimeoutException(method, budget.total());
            }
            CallOptions patient = polling(options).timeout(left).maxTime(left);
            JsonNode result = calls.call("tasks/result", params, Calls.Extras.NONE, patient);
            done = true;
            return result;
        } catch (RpcException e) {
            done = true;
            throw e;
        } finally {
            if (!done) {
                cancel(id);
            }
        }
    }

    /** The options of the call hold for the polls, but not what was attached to it. */
    private static CallOptions polling(CallOptions options) {
        return new CallOptions(
                options.timeout(), options.maxTime(), false, null, null, options.cancelSignal(), Meta.EMPTY);
    }

    private JsonNode poll(String method, String id, JsonNode created, CallOptions options, Budget budget)
            throws InterruptedException {
        ObjectNode params = Json.object().put("taskId", id);
        CallOptions polling = polling(options);
        Set<String> answered = new HashSet<>();
        String said = "";
        JsonNode task = created;
        int rounds = 0;
        while (true) {
            said = tell(task, said, options);
            switch (task.path("status").asString("")) {
                case "completed" -> {
                    if (task.has("result")) {
                        return task.path("result");
                    }
                }
                case "failed" -> throw new RpcException(method, error(task.path("error")));
                case "cancelled" ->
                    throw new TaskEnded(new CallCancelledException(method + " was cancelled by the server: "
                            + Excerpt.of(task.path("statusMessage").asString("no reason given"), 300)));
                case "input_required" -> {
                    ObjectNode open = Json.object();
                    for (Map.Entry<String, JsonNode> request :
                            task.path("inputRequests").properties()) {
                        if (answered.add(request.getKey())) {
                            open.set(request.getKey(), request.getValue());
                        }
                    }
                    if (!open.isEmpty()) {
                        if (++rounds > calls.maxRounds()) {
                            throw new ProtocolViolationException(
                                    "The task of " + method + " still has questions after many rounds");
                        }
                        ObjectNode update = Json.object().put("taskId", id);
                        update.set("inputResponses", inputs.answer(method, open, options.cancelSignal()));
                        calls.send("tasks/update", update, Calls.Extras.NONE, polling, budget);
                    }
                }
                default -> {}
            }
            pause(method, task.path("pollIntervalMs"), options, budget);
            task = calls.send("tasks/get", params, Calls.Extras.NONE, polling, budget)
                    .result();
        }
    }

    private static String tell(JsonNode task, String before, CallOptions options) {
        String message = task.path("statusMessage").asString("");
        if (options.onStatus() != null && !message.isEmpty() && !message.equals(before)) {
            options.onStatus().accept(message);
        }
        return message;
    }

    private static JsonRpcError error(JsonNode error) {
        return new JsonRpcError(
                error.path("code").asInt(JsonRpcError.INTERNAL_ERROR),
                error.path("message").asString("The task failed"),
                error.get("data"));
    }

    /** As long as the server says, within reason; a cancellation ends it. */
    private static void pause(String method, JsonNode interval, CallOptions options, Budget budget)
            throws InterruptedException {
        long millis = Math.clamp(interval.asLong(DEFAULT_POLL), SHORTEST_POLL, LONGEST_POLL);
        Duration left = budget.left();
        if (left.toMillis() <= 0) {
            throw new CallTimeoutException(method, budget.total());
        }
        long wait = Math.min(millis, left.toMillis());
        CountDownLatch cancelled = new CountDownLatch(1);
        Runnable forget = options.cancelSignal() == null
                ? () -> {}
                : options.cancelSignal().onCancel(cancelled::countDown);
        try {
            if (cancelled.await(wait, TimeUnit.MILLISECONDS)) {
                throw new CallCancelledException(method + " was cancelled");
            }
        } finally {
            forget.run();
        }
        budget.spend(Duration.ofMillis(wait));
    }

    /** Tells the server, without waiting for what it makes of it. */
    private void cancel(String id) {
        Thread.ofVirtual().name("mortise-client-cancel").start(() -> {
            try {
                calls.call("tasks/cancel", Json.object().put("taskId", id), Calls.Extras.NONE, CallOptions.DEFAULT);
            } catch (McpException e) {
                LOG.debug("The cancellation of a task did not reach the server", e);
            }
        });
    }

    /** The task is over: there is nothing to cancel. */
    private static final class TaskEnded extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient McpException why;

        TaskEnded(McpException why) {
            super(why);
            this.why = why;
        }
    }
}
