package dev.mortise.mcp.resilience;

import java.util.concurrent.locks.LockSupport;

/** Time as waiting code sees it, so that a test can own it. Thread-safe. */
public interface Ticker {
    /** Nanoseconds since some moment; only differences mean something. */
    long nanos();

    /**
     * Parks the current thread until that time, or until it is unparked or interrupted. May return early for no reason,
     * as {@link LockSupport#parkNanos(long)} may. The {@linkplain #system() machine's time} may wake a virtual thread ten
     * milliseconds late if that is more than 50 away: so it costs next to nothing to be woken by somebody else before,
     * which is what nearly always happens.
     */
    void parkUntil(long nanos);

    static Ticker system() {
        return SystemTicker.INSTANCE;
    }
}
