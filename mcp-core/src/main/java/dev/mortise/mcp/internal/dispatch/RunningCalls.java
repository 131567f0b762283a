package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.call.Caller;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** The calls that are being handled. Thread-safe. */
public final class RunningCalls {
    private final Set<LiveCall> calls = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition none = lock.newCondition();
    private final int most;
    private volatile boolean closing;

    /** @param most how many may run at once */
    public RunningCalls(int most) {
        this.most = most;
    }

    /**
     * Takes a call in; false if there are too many, or once the server is shutting down.
     *
     * @param listening how many of the calls only listen, which are bounded elsewhere
     */
    public boolean add(LiveCall call, int listening) {
        if (calls.size() - listening >= most) {
            return false;
        }
        calls.add(call);
        if (closing) {
            remove(call);
            return false;
        }
        return true;
    }

    public void remove(LiveCall call) {
        calls.remove(call);
        if (closing && calls.isEmpty()) {
            lock.lock();
            try {
                none.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    public boolean closing() {
        return closing;
    }

    /** Cancels the calls of some callers. */
    public void cancel(Predicate<Caller> whose) {
        for (LiveCall call : calls) {
            if (whose.test(call.caller())) {
                call.cancel();
            }
        }
    }

    /** Takes no more calls. */
    public void close() {
        closing = true;
    }

    /** Waits until no call runs; false if some still do after that time. */
    public boolean awaitNone(Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lock();
        try {
            while (!calls.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                // In slices: a call may have ended between the check and the wait.
                long slice = Math.min(left, TimeUnit.MILLISECONDS.toNanos(50));
                left -= slice - Math.max(0, none.awaitNanos(slice));
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
