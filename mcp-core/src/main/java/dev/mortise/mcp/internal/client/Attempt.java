package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.CancelSignal;
import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.internal.client.era.Session;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open a session, which all wait for who need one. It has limits of its own, and is not given up because
 * somebody who waited is gone: the next call may need the session too. Thread-safe.
 */
final class Attempt implements Patience {
    private static final int MOST_TRACES = 4;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable Session session;
    private @Nullable RuntimeException failure;
    private int holds;
    private long heldSince;
    private long heldNanos;

    void opened(Session opened) {
        settle(opened, null);
    }

    void failed(RuntimeException why) {
        settle(null, why);
    }

    private void settle(@Nullable Session opened, @Nullable RuntimeException why) {
        lock.lock();
        try {
            session = opened;
            failure = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void hold() {
        lock.lock();
        try {
            if (holds++ == 0) {
                heldSince = System.nanoTime();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void release() {
        lock.lock();
        try {
            if (--holds == 0) {
                heldNanos += System.nanoTime() - heldSince;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private long held() {
        return heldNanos + (holds > 0 ? System.nanoTime() - heldSince : 0);
    }

    /** Waits for as long as the attempt takes. */
    Session await() throws InterruptedException {
        lock.lock();
        try {
            while (session == null && failure == null) {
                changed.await();
            }
            return outcome();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits on behalf of a call.
     *
     * @throws CallTimeoutException at the limits of the call, in which the time that people take does not count
     * @throws CallCancelledException when the call is cancelled
     * @throws McpException if the attempt fails
     */
    Session await(String method, Budget budget) throws InterruptedException {
        Duration limit = budget.silence().compareTo(budget.left()) < 0 ? budget.silence() : budget.left();
        CancelSignal signal = budget.signal();
        Runnable forget = signal == null ? () -> {} : signal.onCancel(this::wake);
        long begun = System.nanoTime();
        lock.lock();
        long before = held();
        try {
            while (session == null && failure == null) {
                budget.checkCancelled(method);
                long left = limit.toNanos() - (System.nanoTime() - begun - (held() - before));
                if (holds > 0) {
                    changed.await();
                } else if (left <= 0) {
                    throw CallTimeoutException.connecting(method, limit);
                } else {
                    changed.await(left, TimeUnit.NANOSECONDS);
                }
            }
            return outcome();
        } finally {
            budget.spend(Duration.ofNanos(Math.max(0, System.nanoTime() - begun - (held() - before))));
            lock.unlock();
            forget.run();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Session outcome() {
        if (failure != null) {
            // Its stack trace is that of the attempt; those who waited want to find their own code.
            if (failure.getSuppressed().length < MOST_TRACES) {
                failure.addSuppressed(new Pending.Waiting("a session"));
            }
            throw failure;
        }
        if (session == null) {
            throw new IllegalStateException("not settled");
        }
        return session;
    }
}
