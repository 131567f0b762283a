package dev.mortise.mcp.resilience;

import java.util.concurrent.locks.LockSupport;

/** The time of the machine. */
final class SystemTicker implements Ticker {
    static final SystemTicker INSTANCE = new SystemTicker();

    /** Who waits for longer does not mind being woken a tick late, in nanoseconds. */
    private static final long LONG = 5 * Alarms.TICK;

    private final Alarms alarms = new Alarms();

    private SystemTicker() {}

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void parkUntil(long nanos) {
        long left = nanos - System.nanoTime();
        if (left > LONG && Thread.currentThread().isVirtual()) {
            alarms.parkUntil(this, nanos);
        } else {
            LockSupport.parkNanos(this, left);
        }
    }
}
