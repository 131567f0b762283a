package dev.mortise.mcp.resilience;

import java.util.concurrent.locks.LockSupport;

/** Time as waiting code sees it, so that a test can own it. Thread-safe. */
public interface Ticker {
    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();

    /**
     * Parks the current thread until that time, or until it is unparked or interrupted. May return early for no reason,
     * as {@link LockSupport#parkNanos(long)} may.
     */
    void parkUntil(long nanos);

    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}
