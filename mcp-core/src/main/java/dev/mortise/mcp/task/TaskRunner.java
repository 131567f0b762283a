package dev.mortise.mcp.task;

import dev.mortise.mcp.call.Call;
import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Outcome;
import dev.mortise.mcp.call.Question;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.extension.DetachedCall;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.internal.era.LegacyTasks;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.JsonRpcError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Works on the tasks of this process. Whatever happens to a task, exactly one change ends it, in the store. Whoever made
 * that change settles its charges, and holds a lease until that is done: if it is not, somebody else does it.
 */
final class TaskRunner {
    private static final Logger LOG = LoggerFactory.getLogger(TaskRunner.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    private static final int RENEWALS_AT_ONCE = 64;
    private static final Duration POLL = Duration.ofMillis(20);

    private final RunningServer server;
    private final TaskLedger ledger;
    private final TaskWords words;
    private final Semaphore atOnce = new Semaphore(RENEWALS_AT_ONCE);
    private final Map<String, TaskRun> runs = new ConcurrentHashMap<>();

    TaskRunner(RunningServer server, TaskLedger ledger) {
        this.server = server;
        this.ledger = ledger;
        this.words = new TaskWords(server.wording().language());
    }

    TaskWords words() {
        return words;
    }

    /** What came of making a task of a call. */
    sealed interface Enrolment {
        record Enrolled(Task task, TaskRun run) implements Enrolment {}

        /** There are too many; the call is its request's as before. */
        record Full(Refusal refusal) implements Enrolment {}
    }

    /** Makes a task of a call. When this returns, it is stored, and this process owes it work. */
    Enrolment enrol(Call call, boolean repeatable) {
        Instant now = ledger.now();
        Instant expiry = now.plus(
                ledger.ttl(call.get(LegacyTasks.WISH).map(LegacyTasks.Wish::ttl).orElse(null)));
        TaskRun run = new TaskRun(ledger.newId(), expiry, this::say);
        DetachedCall detached = server.detach(call, run);
        run.runs(detached);
        try {
            TaskBody body = TaskBody.begun(detached.tool(), detached.state(expiry), repeatable, client(call));
            Task task = ledger.begun(run.id(), TaskOwner.of(call), now, expiry, body);
            return switch (ledger.insert(task)) {
                case ADDED -> {
                    // Not before: a renewal would take a run without a task for one that was ended elsewhere.
                    runs.put(run.id(), run);
                    yield new Enrolment.Enrolled(task, run);
                }
                case OWNER_FULL -> notEnrolled(run, new Refusal.RateLimited(TRY_AGAIN, Map.of()));
                case FULL -> notEnrolled(run, new Refusal.Overloaded(TRY_AGAIN));
            };
        } catch (RuntimeException e) {
            notEnrolled(run, new Refusal.Overloaded(TRY_AGAIN));
            throw e;
        }
    }

    private static TaskBody.@Nullable Client client(Call call) {
        return call.get(LegacyTasks.PEER)
                .map(peer -> TaskBody.Client.of(peer.session().id(), token(call)))
                .orElse(null);
    }

    private static @Nullable JsonNode token(Call call) {
        return call.context().progressToken() == null
                ? null
                : Json.tree(call.context().progressToken());
    }

    private Enrolment notEnrolled(TaskRun run, Refusal refusal) {
        run.call().reattach();
        return new Enrolment.Full(refusal);
    }

    /** Works on a task, on a thread of its own. */
    void work(TaskRun run, Supplier<Outcome> work) {
        Thread.ofVirtual().name("mortise-task").start(() -> {
            Outcome outcome;
            try {
                outcome = work.get();
            } catch (RuntimeException | Error e) {
                outcome = broken(run, e);
            }
            cameTo(run, outcome);
        });
    }

    /** Goes on with a task whose questions are answered, or that somebody else began and did not finish. */
    void resume(Task task, CallContext context) {
        TaskRun run = new TaskRun(task.id(), task.row().expiresAt(), this::say);
        try {
            run.runs(server.resume(task.body().call(), task.body().answers(), context, run));
        } catch (RuntimeException e) {
            LOG.error("Task {} cannot go on", task.id(), e);
            end(task.id(), null, TaskEnd.failed(words.couldNotGoOn(), internal()), this::isMine);
            return;
        }
        runs.put(run.id(), run);
        if (ledger.find(task.id()).filter(this::isMine).isEmpty()) {
            // It was cancelled before anybody could have told this run.
            stop(run);
            return;
        }
        work(run, () -> run.call().run());
    }

    /** The work has come to this, for now or for good. */
    void cameTo(TaskRun run, Outcome outcome) {
        try {
            if (!run.isGivenUp()) {
                switch (outcome) {
                    case Outcome.InputRequired asked -> pause(run, asked.questions());
                    case Outcome.Complete complete -> complete(run, complete);
                    case Outcome.Refused refused -> refuse(run, refused.refusal());
                    case Outcome.Extended extended ->
                        refuse(
                                run,
                                new Refusal.Custom(1, "A task cannot end in another extension's result", null, 500));
                }
            }
        } catch (RuntimeException e) {
            // The lease ends, and then somebody looks after the task.
            LOG.error("What came of task {} could not be stored", run.id(), e);
        } finally {
            runs.remove(run.id(), run);
        }
    }

    private static Outcome broken(TaskRun run, Throwable e) {
        LOG.error("Task {} broke", run.id(), e);
        return new Outcome.Refused(new Refusal.Internal(run.id().substring(0, 6)));
    }

    private void pause(TaskRun run, List<Question<?>> questions) {
        if (questions.isEmpty()) {
            refuse(run, new Refusal.Overloaded(TRY_AGAIN));
            return;
        }
        JsonNode paused = run.call().pause(questions, run.expiry());
        ledger.change(run.id(), task -> {
            if (!isMine(task)) {
                return null;
            }
            Map<String, TaskBody.Input> inputs = new LinkedHashMap<>();
            for (Question<?> question : questions) {
                // Handlers ask under the same key again; on the wire no key comes twice in the life of a task.
                String key = question.key() + "-" + (task.body().questions() + inputs.size() + 1);
                inputs.put(key, new TaskBody.Input(question.key(), Json.tree(question.request())));
            }
            return task.asking(paused, inputs, ledger.now());
        });
    }

    private void complete(TaskRun run, Outcome.Complete complete) {
        JsonNode result;
        try {
            result = Json.tree(complete.result());
        } catch (RuntimeException e) {
            LOG.error("The result of task {} cannot be written as JSON", run.id(), e);
            end(run.id(), run, TaskEnd.failed(words.unwritable(), internal()));
            return;
        }
        end(run.id(), run, TaskEnd.completed(result));
    }

    private void refuse(TaskRun run, Refusal refusal) {
        if (refusal instanceof Refusal.Cancelled) {
            end(run.id(), run, TaskEnd.cancelled(words.endedByServer()));
        } else {
            JsonRpcError error = run.call().error(refusal);
            end(
                    run.id(),
                    run,
                    refusal instanceof Refusal.TimedOut
                            ? TaskEnd.timedOut(error.message(), error)
                            : TaskEnd.failed(error.message(), error));
        }
    }

    /**
     * Ends a task, unless it has ended.
     *
     * @param run the work on it in this process, if there is any
     */
    void end(String id, @Nullable TaskRun run, TaskEnd end) {
        end(id, run, end, task -> true);
    }

    /** As above, if the task is still as it has to be for that. */
    void end(String id, @Nullable TaskRun run, TaskEnd end, Predicate<Task> still) {
        // What the call has been charged since it was stored counts, and only the running call knows that.
        JsonNode charges = run == null ? null : run.call().state(run.expiry());
        Optional<Task> ended = ledger.change(
                id,
                task -> task.status().isTerminal() || !still.test(task)
                        ? null
                        : task.ended(
                                end,
                                charges == null ? task.body().call() : charges,
                                ledger.keptUntil(),
                                ledger.lease(),
                                ledger.now()));
        ended.ifPresent(this::settle);
    }

    /**
     * Settles a task that has ended. Settlements are idempotent: a second replica that does the same does no harm. What
     * cannot be settled now is somebody's once more when the lease ends.
     */
    void settle(Task task) {
        boolean settled = server.settle(task.body().call(), task.ending());
        ledger.change(
                task.id(),
                latest -> latest.row().lease() == null
                        ? null
                        : settled ? latest.settled() : latest.leased(ledger.lease()));
    }

    /** Cancels a task: it has ended when this returns, and its handler, if it runs here, is told. */
    void cancel(String id, String reason) {
        TaskRun run = runs.get(id);
        end(id, run, TaskEnd.cancelled(reason));
        if (run != null) {
            run.giveUp();
        }
    }

    /** Fails a task whose time is over. */
    void expire(String id) {
        TaskRun run = runs.get(id);
        JsonRpcError error = JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, words.expired());
        end(id, run, TaskEnd.timedOut(words.expired(), error), task -> task.isExpired(ledger.now()));
        if (run != null) {
            run.giveUp();
        }
    }

    /** How many tasks this process runs. */
    int running() {
        return runs.size();
    }

    void cancel(Predicate<Caller> whose, String reason) {
        runs.values().stream().filter(run -> whose.test(run.call().caller())).forEach(run -> cancel(run.id(), reason));
    }

    private void say(String id, TaskRun.Said said) {
        try {
            ledger.change(id, task -> isMine(task) ? task.saying(said.words(), said.progress(), ledger.now()) : null);
        } catch (RuntimeException e) {
            LOG.warn("The progress of task {} could not be stored", id, e);
        }
    }

    /**
     * Says that this process is alive, for each task it works on; and stops what was ended elsewhere. Many at a time, and
     * each by itself: a store that is slow with one must not cost the others their leases.
     *
     * @param atMost how long to wait for that; what takes longer goes on, and is not begun twice
     */
    void renew(Duration atMost) {
        List<CompletableFuture<Void>> renewals = new ArrayList<>();
        for (TaskRun run : List.copyOf(runs.values())) {
            if (run.beginRenewal()) {
                renewals.add(CompletableFuture.runAsync(
                        () -> {
                            try {
                                atOnce.acquireUninterruptibly();
                                try {
                                    renew(run);
                                } finally {
                                    atOnce.release();
                                }
                            } finally {
                                run.endRenewal();
                            }
                        },
                        task -> Thread.ofVirtual().name("mortise-task-lease").start(task)));
            }
        }
        try {
            CompletableFuture.allOf(renewals.toArray(CompletableFuture[]::new))
                    .get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("The task store is slow: after {} some leases are still not renewed", atMost);
        } catch (ExecutionException e) {
            LOG.error("A lease could not be renewed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void renew(TaskRun run) {
        try {
            // What the call was charged in this round is known here alone: it has to outlive this process.
            Optional<Task> mine = ledger.change(
                    run.id(),
                    task -> isMine(task)
                            ? task.leased(
                                    ledger.lease(),
                                    run.call().recharged(task.body().call()))
                            : null);
            if (mine.isPresent()) {
                run.call().renew(ledger.leaseTime());
            } else if (ledger.find(run.id()).filter(this::isMine).isEmpty()) {
                stop(run);
            }
        } catch (RuntimeException e) {
            LOG.warn("The lease of task {} could not be renewed", run.id(), e);
        }
    }

    /** Whether this very process works on a task. */
    boolean worksOn(String id) {
        TaskRun run = runs.get(id);
        return run != null && !run.isGivenUp();
    }

    private void stop(TaskRun run) {
        // It may just have ended here: then it is not among the runs any more, or does not mind.
        if (runs.remove(run.id(), run)) {
            run.giveUp();
        }
    }

    /** Lets work end until then; gives up the rest, so that it is failed, or taken up by the next process. */
    void finish(Duration grace) {
        long deadline = System.nanoTime() + grace.toNanos();
        try {
            while (!runs.isEmpty() && System.nanoTime() < deadline) {
                Thread.sleep(POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (TaskRun run : List.copyOf(runs.values())) {
            run.giveUp();
            abandon(run.id(), words.shutDown(), this::isMine);
        }
        runs.clear();
    }

    /**
     * Nobody works on a task any more: one that may be repeated waits for its owner, any other has failed.
     *
     * @param still what makes it so, looked at again in the moment of the change: a worker may be alive after all
     */
    void abandon(String id, String reason, Predicate<Task> still) {
        Optional<Task> task = ledger.find(id);
        if (task.isPresent() && task.get().body().repeatable()) {
            ledger.change(id, latest -> still.test(latest) ? latest.leased(null) : null);
        } else {
            JsonRpcError error = JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, reason);
            end(id, null, TaskEnd.failed(reason, error), still);
        }
    }

    private boolean isMine(Task task) {
        return task.isWorkOf(ledger.worker());
    }

    private static JsonRpcError internal() {
        return JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "Internal error");
    }
}
