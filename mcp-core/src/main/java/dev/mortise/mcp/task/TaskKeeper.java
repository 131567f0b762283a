package dev.mortise.mcp.task;

import dev.mortise.mcp.call.CallContext;
import dev.mortise.mcp.store.StoredTask;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after tasks that nobody works on: those of processes that died, those that expired, those not settled. */
final class TaskKeeper {
    private static final Logger LOG = LoggerFactory.getLogger(TaskKeeper.class);
    private static final int AT_ONCE = 100;
    private static final int MAX_ROUNDS = 20;

    private final TaskLedger ledger;
    private final TaskRunner runner;

    TaskKeeper(TaskLedger ledger, TaskRunner runner) {
        this.ledger = ledger;
        this.runner = runner;
    }

    /**
     * Until they are interrupted: now and then, as often as a lease has to be renewed. Leases have a thread of their own,
     * so that whatever there is to look after cannot keep the living from saying that they are alive.
     */
    List<Thread> start() {
        return List.of(every("mortise-task-leases", this::renew), every("mortise-tasks", this::lookAfterOverdue));
    }

    private Thread every(String name, Runnable work) {
        return Thread.ofVirtual().name(name).start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.sleep(pause());
                    work.run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private Duration pause() {
        return ledger.leaseTime().dividedBy(3);
    }

    /** One round of everything. */
    void tend() {
        renew();
        lookAfterOverdue();
    }

    private void renew() {
        runner.renew(pause());
    }

    private void lookAfterOverdue() {
        try {
            List<Task> overdue = ledger.overdue(AT_ONCE);
            for (int round = 1; round < MAX_ROUNDS && overdue.size() == AT_ONCE; round++) {
                overdue.forEach(this::tend);
                overdue = ledger.overdue(AT_ONCE);
            }
            overdue.forEach(this::tend);
        } catch (RuntimeException e) {
            LOG.warn("Tasks could not be looked after: trying again later", e);
        }
    }

    private void tend(Task task) {
        try {
            lookAfter(task);
        } catch (RuntimeException e) {
            LOG.warn("Task {} could not be looked after: trying again later", task.id(), e);
        }
    }

    private void lookAfter(Task task) {
        boolean expired = task.isExpired(ledger.now());
        if (task.status().isTerminal()) {
            StoredTask.Lease settling = task.row().lease();
            if (settling != null) {
                // Whoever holds it may be at it, or waits for a store that was down.
                if (settling.until().isBefore(ledger.now())) {
                    runner.settle(task);
                }
            } else if (expired) {
                ledger.remove(task);
            }
        } else if (expired) {
            runner.expire(task.id());
        } else if (isOrphan(task)) {
            runner.abandon(task.id(), runner.words().died(), this::isOrphan);
        }
    }

    private boolean isOrphan(Task task) {
        // A lease that could not be renewed in time is no reason to give up work that goes on in this very process.
        return task.isOrphan(ledger.now()) && !runner.worksOn(task.id());
    }

    /** What a task's owner finds: a task whose process died is failed, or run again for the owner who asks. */
    Task attended(Task task, CallContext context) {
        if (!isOrphan(task)) {
            return task;
        }
        if (!task.body().repeatable()) {
            runner.abandon(task.id(), runner.words().died(), this::isOrphan);
            return ledger.find(task.id()).orElse(task);
        }
        Optional<Task> mine =
                ledger.change(task.id(), latest -> isOrphan(latest) ? latest.leased(ledger.lease()) : null);
        mine.ifPresent(taken -> runner.resume(taken, context));
        return mine.or(() -> ledger.find(task.id())).orElse(task);
    }
}
