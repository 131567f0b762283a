package dev.mortise.mcp.internal.resilience;

import dev.mortise.mcp.resilience.Bulkhead;
import dev.mortise.mcp.resilience.Ticker;
import java.util.ArrayDeque;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** The places of a bulkhead and the queue before it. Thread-safe. */
public final class Gate {
    /** What came of asking for a place. */
    public enum Entry {
        ENTERED,
        /** No place, and no room in the queue, or not in time. */
        FULL,
        /** Whoever asked does not want it any more. */
        CANCELLED
    }

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile boolean granted;
    }

    private final Bulkhead config;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
    private int free;

    public Gate(Bulkhead config, Ticker ticker) {
        this.config = config;
        this.ticker = ticker;
        this.free = config.concurrent();
    }

    /** Takes a place if there is one now and nobody waits for it. */
    public boolean tryEnter() {
        lock.lock();
        try {
            if (free == 0) {
                return false;
            }
            free--;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes a place, waiting for it if need be.
     *
     * @param due when to give up, apart from what the bulkhead says
     * @param cancelled looked at whenever the thread is unparked
     */
    public Entry enter(long due, BooleanSupplier cancelled) {
        Waiter waiter;
        lock.lock();
        try {
            if (free > 0) {
                free--;
                return Entry.ENTERED;
            }
            if (queue.size() >= config.queue()) {
                return Entry.FULL;
            }
            waiter = new Waiter();
            queue.add(waiter);
        } finally {
            lock.unlock();
        }
        return await(waiter, earlier(due, ticker.nanos() + config.maxWait().toNanos()), cancelled);
    }

    private static long earlier(long a, long b) {
        return b - a < 0 ? b : a;
    }

    private Entry await(Waiter waiter, long until, BooleanSupplier cancelled) {
        while (!waiter.granted) {
            boolean unwanted = cancelled.getAsBoolean() || waiter.thread.isInterrupted();
            if (unwanted || ticker.nanos() - until >= 0) {
                return leaveQueue(waiter, unwanted ? Entry.CANCELLED : Entry.FULL);
            }
            ticker.parkUntil(until);
        }
        return Entry.ENTERED;
    }

    /** A place may have been granted at the last moment; then it is taken after all. */
    private Entry leaveQueue(Waiter waiter, Entry otherwise) {
        lock.lock();
        try {
            if (waiter.granted) {
                return Entry.ENTERED;
            }
            queue.remove(waiter);
            return otherwise;
        } finally {
            lock.unlock();
        }
    }

    public void leave() {
        lock.lock();
        try {
            Waiter next = queue.poll();
            if (next == null) {
                free++;
            } else {
                next.granted = true;
                LockSupport.unpark(next.thread);
            }
        } finally {
            lock.unlock();
        }
    }

    public int places() {
        return config.concurrent();
    }

    public int running() {
        lock.lock();
        try {
            return config.concurrent() - free;
        } finally {
            lock.unlock();
        }
    }

    public int queued() {
        lock.lock();
        try {
            return queue.size();
        } finally {
            lock.unlock();
        }
    }
}
