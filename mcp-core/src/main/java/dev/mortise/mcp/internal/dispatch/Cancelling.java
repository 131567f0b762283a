package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Cancellation;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cancellation of one call. While a handler runs, cancelling also interrupts its thread; never before or after,
 * because the thread may be the container's own. A stage that hedges runs the handler on several threads at once.
 */
final class Cancelling implements Cancellation {
    private static final Logger LOG = LoggerFactory.getLogger(Cancelling.class);

    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable List<Runnable> actions;
    private final List<Thread> runners = new ArrayList<>(1);

    /** Written under the lock; handlers poll it without. */
    private volatile boolean cancelled;

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable action) {
        lock.lock();
        try {
            if (!cancelled) {
                if (actions == null) {
                    actions = new ArrayList<>(1);
                }
                actions.add(action);
                return;
            }
        } finally {
            lock.unlock();
        }
        run(action);
    }

    void cancel() {
        List<Runnable> due;
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            cancelled = true;
            due = actions == null ? List.of() : actions;
            actions = null;
            runners.forEach(Thread::interrupt);
        } finally {
            lock.unlock();
        }
        due.forEach(Cancelling::run);
    }

    /** The current thread begins to run the handler. */
    void enter() {
        lock.lock();
        try {
            runners.add(Thread.currentThread());
            if (cancelled) {
                Thread.currentThread().interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The handler is done: an interrupt meant for it must not reach whoever uses the thread next. */
    void exit() {
        lock.lock();
        try {
            if (cancelled) {
                Thread.interrupted();
            }
            runners.remove(Thread.currentThread());
        } finally {
            lock.unlock();
        }
    }

    private static void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("An action on cancellation failed", e);
        }
    }
}
