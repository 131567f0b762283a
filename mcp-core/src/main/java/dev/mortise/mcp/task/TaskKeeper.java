package dev.mortise.mcp.task;

import dev.mortise.mcp.call.CallContext;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after tasks that nobody works on: those of processes that died, those that expired, those not settled. */
final class TaskKeeper {
    static final String DIED = "The process that worked on it stopped before it was done.";
    static final String EXPIRED = "Its time ran out before it was done.";

    private static final Logger LOG = LoggerFactory.getLogger(TaskKeeper.class);
    private static final int AT_ONCE = 100;

    private final TaskLedger ledger;
    private final TaskRunner runner;

    TaskKeeper(TaskLedger ledger, TaskRunner runner) {
        this.ledger = ledger;
        this.runner = runner;
    }

    /** Until {@code stop}: now and then, as often as a lease has to be renewed. */
    Thread start(Duration lease) {
        Duration pause = lease.dividedBy(3);
        return Thread.ofVirtual().name("mortise-tasks").start(() -> {
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Thread.sleep(pause);
                    tend();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** One round: renews leases, and looks after what is overdue. */
    void tend() {
        try {
            runner.renew();
            for (Task task : ledger.overdue(AT_ONCE)) {
                tend(task);
            }
        } catch (RuntimeException e) {
            LOG.warn("Tasks could not be looked after: trying again later", e);
        }
    }

    private void tend(Task task) {
        boolean expired = task.isExpired(ledger.now());
        if (task.status().isTerminal()) {
            if (task.row().lease() != null) {
                runner.settle(task);
            } else if (expired) {
                ledger.remove(task);
            }
        } else if (expired) {
            runner.expire(task.id());
        } else if (task.isOrphan(ledger.now())) {
            runner.abandon(task.id(), DIED);
        }
    }

    /** What a task's owner finds: a task whose process died is failed, or run again for the owner who asks. */
    Task attended(Task task, CallContext context) {
        if (!task.isOrphan(ledger.now())) {
            return task;
        }
        if (!task.body().repeatable()) {
            runner.abandon(task.id(), DIED);
            return ledger.find(task.id()).orElse(task);
        }
        Optional<Task> mine = ledger.change(
                task.id(), latest -> latest.isOrphan(ledger.now()) ? latest.leased(ledger.lease()) : null);
        mine.ifPresent(taken -> runner.resume(taken, context));
        return mine.or(() -> ledger.find(task.id())).orElse(task);
    }
}
