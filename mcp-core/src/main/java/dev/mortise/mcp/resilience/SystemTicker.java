package dev.mortise.mcp.resilience;

import java.util.concurrent.locks.LockSupport;

/** The time of the machine. */
enum SystemTicker implements Ticker {
    INSTANCE;

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void parkUntil(long nanos) {
        LockSupport.parkNanos(this, nanos - System.nanoTime());
    }
}
