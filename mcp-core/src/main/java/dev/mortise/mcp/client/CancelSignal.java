package dev.mortise.mcp.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives up calls from another thread: hand it to calls by {@link CallOptions#cancelledBy}, then {@link #cancel}. For
 * good: later calls with the same signal do not begin. Thread-safe.
 */
public final class CancelSignal {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Runnable> actions = new ArrayList<>();
    private boolean cancelled;

    /** A signal that was not given yet. */
    public CancelSignal() {}

    /** Cancels every call that has this signal. */
    public void cancel() {
        List<Runnable> due;
        lock.lock();
        try {
            cancelled = true;
            due = List.copyOf(actions);
            actions.clear();
        } finally {
            lock.unlock();
        }
        due.forEach(Runnable::run);
    }

    public boolean isCancelled() {
        lock.lock();
        try {
            return cancelled;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Runs the action when the signal is given; at once if it was given already.
     *
     * @return takes the action back, so that a signal that outlives many calls does not gather them
     */
    public Runnable onCancel(Runnable action) {
        lock.lock();
        try {
            if (!cancelled) {
                actions.add(action);
                return () -> forget(action);
            }
        } finally {
            lock.unlock();
        }
        action.run();
        return () -> {};
    }

    private void forget(Runnable action) {
        lock.lock();
        try {
            actions.remove(action);
        } finally {
            lock.unlock();
        }
    }
}
