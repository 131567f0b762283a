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
final class Cancelling implements Cancellation, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Cancelling.class);

    private final ReentrantLock lock;

    // Most calls have one action, or two with a time limit, and one runner: the lists are for the others.
    private @Nullable Runnable action;
    private @Nullable Runnable secondAction;
    private @Nullable List<Runnable> furtherActions;
    private @Nullable Thread runner;
    private @Nullable List<Thread> furtherRunners;

    /** Written under the lock; handlers poll it without. */
    private volatile boolean cancelled;

    /** @param lock that others may use as well, if they do nothing slow while they hold it */
    Cancelling(ReentrantLock lock) {
        this.lock = lock;
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void onCancel(Runnable newAction) {
        lock.lock();
        try {
            if (!cancelled) {
                add(newAction);
                return;
            }
        } finally {
            lock.unlock();
        }
        run(newAction);
    }

    /** Under the lock. */
    private void add(Runnable newAction) {
        if (action == null) {
            action = newAction;
            return;
        }
        if (secondAction == null) {
            secondAction = newAction;
            return;
        }
        if (furtherActions == null) {
            furtherActions = new ArrayList<>(2);
        }
        furtherActions.add(newAction);
    }

    /** Cancels; so what is cancelled with something else is an action of that. */
    @Override
    public void run() {
        cancel();
    }

    void cancel() {
        Runnable first;
        Runnable second;
        List<Runnable> further;
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            cancelled = true;
            first = action;
            second = secondAction;
            further = furtherActions == null ? List.of() : furtherActions;
            action = null;
            secondAction = null;
            furtherActions = null;
            if (runner != null) {
                runner.interrupt();
            }
            if (furtherRunners != null) {
                furtherRunners.forEach(Thread::interrupt);
            }
        } finally {
            lock.unlock();
        }
        if (first != null) {
            run(first);
        }
        if (second != null) {
            run(second);
        }
        further.forEach(Cancelling::run);
    }

    /** The current thread begins to run the handler. */
    void enter() {
        Thread thread = Thread.currentThread();
        lock.lock();
        try {
            if (runner == null) {
                runner = thread;
            } else {
                if (furtherRunners == null) {
                    furtherRunners = new ArrayList<>(2);
                }
                furtherRunners.add(thread);
            }
            if (cancelled) {
                thread.interrupt();
            }
        } finally {
            lock.unlock();
        }
    }

    /** The handler is done: an interrupt meant for it must not reach whoever uses the thread next. */
    @SuppressWarnings("ReferenceEquality") // this very thread
    void exit() {
        Thread thread = Thread.currentThread();
        lock.lock();
        try {
            if (cancelled) {
                Thread.interrupted();
            }
            if (runner == thread) {
                runner = null;
            } else if (furtherRunners != null) {
                furtherRunners.remove(thread);
            }
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
