package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.store.TaskStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * One {@code tasks/result}: waits for the end of a task, and puts its questions to the client meanwhile (tasks: Result
 * Retrieval, Input Required Status). It remembers nothing that another could not find in the store: if its client goes away
 * and asks once more, here or at another replica, the questions that are still open are put again.
 */
final class LegacyTaskResult {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyTaskResult.class);
    private static final Duration LONGEST_LOOK_AWAY = Duration.ofSeconds(1);

    /** Outside of JSON-RPC's range: the client has ended the call that it had asked for, or would not answer it. */
    private static final int CANCELLED = 499;

    private static final int FAILED = 424;

    private final Call call;
    private final String id;
    private final LegacyTaskMethods tasks;
    private final Map<String, LegacyTasks.Put> open = new LinkedHashMap<>();
    private final Set<String> tried = new HashSet<>();

    LegacyTaskResult(Call call, String id, LegacyTaskMethods tasks) {
        this.call = call;
        this.id = id;
        this.tasks = tasks;
    }

    Outcome await() throws InterruptedException {
        Duration pause = tasks.wire().pollInterval();
        try (TaskWatch.Waiter waiter = tasks.watch().on(id)) {
            call.cancellation().onCancel(waiter::wake);
            while (!call.cancellation().isCancelled()) {
                switch (tasks.methods().access(call, id)) {
                    case TaskMethods.Access.Refused refused -> {
                        return new Outcome.Refused(refused.refusal());
                    }
                    case TaskMethods.Access.Granted granted -> {
                        Task task = tasks.attended(granted.task(), call);
                        if (task.status().isTerminal()) {
                            return end(task);
                        }
                        tell(task);
                        if (!converse(task, waiter)) {
                            return new Outcome.Refused(new Refusal.Cancelled());
                        }
                    }
                }
                waiter.await(pause.compareTo(LONGEST_LOOK_AWAY) < 0 ? pause : LONGEST_LOOK_AWAY);
            }
            return new Outcome.Refused(new Refusal.Cancelled());
        } finally {
            open.values().forEach(put -> put.withdraw().run());
        }
    }

    /** The session's own stream may be elsewhere, or not there at all: progress comes on whichever is first. */
    private void tell(Task task) {
        TaskBody.Client client = task.body().client();
        LegacyTasks.Peer peer = call.get(LegacyTasks.PEER).orElse(null);
        if (client != null
                && peer != null
                && client.session().equals(peer.session().id())
                && client.token() != null
                && client.untold() != null) {
            tasks.progress(id).ifPresent(notification -> peer.tell(call, notification));
        }
    }

    /** Exactly what the call itself would have been answered with. */
    private Outcome end(Task task) {
        TaskBody body = task.body();
        return switch (task.status()) {
            case COMPLETED -> new Outcome.Complete(tasks.wire().result(task));
            case FAILED ->
                new Outcome.Refused(new Refusal.Earlier(Json.mapper().treeToValue(body.error(), JsonRpcError.class)));
            case CANCELLED ->
                new Outcome.Refused(new Refusal.Custom(
                        CANCELLED,
                        body.message() == null
                                ? new TaskWords(call.context().wording().language()).cancelled()
                                : body.message(),
                        null,
                        200));
            case WORKING, INPUT_REQUIRED -> throw new IllegalStateException("This task has not ended");
        };
    }

    /** Asks what is to be asked and takes the answers that have come; false if there will be none. */
    private boolean converse(Task task, TaskWatch.Waiter waiter) {
        Map<String, TaskBody.Input> inputs = task.body().inputs();
        // Answered elsewhere, or asked no more.
        open.entrySet().removeIf(entry -> {
            boolean gone = !inputs.containsKey(entry.getKey());
            if (gone) {
                entry.getValue().withdraw().run();
            }
            return gone;
        });
        inputs.forEach((key, input) -> ask(key, input.request(), waiter));
        Map<String, JsonNode> given = new LinkedHashMap<>();
        for (Map.Entry<String, LegacyTasks.Put> entry : open.entrySet()) {
            if (entry.getValue().answer().isDone()) {
                try {
                    given.put(entry.getKey(), entry.getValue().answer().join());
                } catch (CompletionException e) {
                    if (e.getCause() instanceof LegacySession.Ended || e.getCause() instanceof CancellationException) {
                        return false;
                    }
                    fail(String.valueOf(e.getMessage()));
                    waiter.wake();
                    return true;
                } catch (CancellationException e) {
                    return false;
                }
            }
        }
        if (!given.isEmpty()) {
            given.keySet().forEach(open::remove);
            if (tasks.methods().update(task, given, call) instanceof Outcome.Refused) {
                fail("The client's answer is none to the question");
            }
            waiter.wake();
        }
        return true;
    }

    private void ask(String key, JsonNode request, TaskWatch.Waiter waiter) {
        LegacyTasks.Peer peer = call.get(LegacyTasks.PEER).orElse(null);
        if (peer == null || !tried.add(key)) {
            return;
        }
        try {
            LegacyTasks.Put put = peer.ask(call, id, request);
            open.put(key, put);
            CompletableFuture<JsonNode> unused = put.answer().whenComplete((answer, failure) -> waiter.wake());

        } catch (IOException e) {
            // On this request there is no way to the client. It may ask for the result once more, on another.
            LOG.debug("A question of task {} could not be put", id, e);
        }
    }

    private void fail(String reason) {
        JsonRpcError error = JsonRpcError.of(FAILED, reason);
        tasks.runner().end(id, null, TaskEnd.failed(reason, error), task -> task.status() == TaskStatus.INPUT_REQUIRED);
    }
}
