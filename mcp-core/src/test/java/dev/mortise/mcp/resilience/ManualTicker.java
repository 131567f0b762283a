package dev.mortise.mcp.resilience;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** Time that passes when a test says so. */
public final class ManualTicker extends Clock implements Ticker {
    private static final Instant BEGIN = Instant.parse("2026-11-22T12:00:00Z");

    private final Map<Thread, Long> parked = new ConcurrentHashMap<>();
    private volatile long nanos = 1_000;

    @Override
    public long nanos() {
        return nanos;
    }

    @Override
    public void parkUntil(long until) {
        if (nanos >= until) {
            return;
        }
        parked.put(Thread.currentThread(), until);
        try {
            // Whoever lets time pass after this sees this thread, and unparks it.
            if (nanos < until) {
                LockSupport.park(this);
            }
        } finally {
            parked.remove(Thread.currentThread());
        }
    }

    public void pass(Duration duration) {
        nanos += duration.toNanos();
        parked.keySet().forEach(LockSupport::unpark);
    }

    /** How many threads wait for time to pass. */
    public int waiting() {
        return parked.size();
    }

    /** Waits until so many threads wait for time to pass. */
    public void awaitWaiting(int threads) {
        Eventually.holds(() -> parked.size() >= threads);
    }

    @Override
    public Instant instant() {
        return BEGIN.plusNanos(nanos);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
