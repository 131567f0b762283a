package dev.mortise.mcp.internal.resilience;

import java.util.concurrent.atomic.AtomicInteger;

/** Holds retries to a fifth of the successes, and ten to begin with: those who retry all at once only add to the load. */
final class RetryBudget {
    private static final int RETRY = 5;
    private static final int MOST = 10 * RETRY;

    private final AtomicInteger left = new AtomicInteger(MOST);

    void success() {
        if (left.get() < MOST) {
            left.updateAndGet(was -> Math.min(MOST, was + 1));
        }
    }

    boolean take() {
        return left.getAndUpdate(was -> was >= RETRY ? was - RETRY : was) >= RETRY;
    }
}
