package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Window;
import java.util.concurrent.atomic.AtomicLong;

/** Units of one window that this process has leased, and nobody in it uses yet. Thread-safe. */
final class Share {
    private static final long MOST = 1 << 16;

    final Window window;
    final long epoch;
    private final Pool pool;
    private final AtomicLong free = new AtomicLong();
    private volatile long touched = System.nanoTime();
    private long want = 1;

    Share(Pool pool, Window window, long epoch) {
        this.pool = pool;
        this.window = window;
        this.epoch = epoch;
    }

    boolean take(long units) {
        for (long now = free.get(); now >= units; now = free.get()) {
            if (free.compareAndSet(now, now - units)) {
                touched = System.nanoTime();
                return true;
            }
        }
        return false;
    }

    void put(long units) {
        free.addAndGet(units);
        pool.returned(this);
    }

    /** Puts units back for later. */
    void keep(long units) {
        free.addAndGet(units);
    }

    long drain() {
        return free.getAndSet(0);
    }

    boolean isIdle(long nanos) {
        return System.nanoTime() - touched > nanos;
    }

    /** How many to lease: more each time, while it goes on quickly. Under the lock of the pool. */
    long want(long need) {
        want = isIdle(2_000_000_000L) ? Math.max(1, want / 4) : Math.min(MOST, want * 2);
        touched = System.nanoTime();
        return Math.max(need, want);
    }
}
