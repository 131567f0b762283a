package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Window;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Units of one window that this process has leased, and nobody in it uses yet. Thread-safe. */
final class Share {
    private static final long MOST = 1 << 16;

    final Window window;
    final long epoch;

    /** The highest limit under which some of them were leased; set under the lock of the pool. */
    volatile long limit;

    private final Pool pool;
    private final AtomicLong free = new AtomicLong();
    private final LongSupplier nanos;
    private volatile long touched;
    private long want = 1;

    Share(Pool pool, Window window, long epoch, long limit, LongSupplier nanos) {
        this.nanos = nanos;
        this.touched = nanos.getAsLong();
        this.pool = pool;
        this.window = window;
        this.epoch = epoch;
        this.limit = limit;
    }

    boolean take(long units) {
        for (long now = free.get(); now >= units; now = free.get()) {
            if (free.compareAndSet(now, now - units)) {
                touched = nanos.getAsLong();
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

    boolean isIdle(long since) {
        return nanos.getAsLong() - touched > since;
    }

    /** How many to lease: more each time, while it goes on quickly. Under the lock of the pool. */
    long want(long need) {
        want = isIdle(2_000_000_000L) ? Math.max(1, want / 4) : Math.min(MOST, want * 2);
        touched = nanos.getAsLong();
        return Math.max(need, want);
    }
}
