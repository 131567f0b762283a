package dev.mortise.security.limit;

import dev.mortise.mcp.resilience.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it. It begins where it soon wraps around. */
public final class ManualTicker implements Ticker {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000);

    @Override
    public long nanos() {
        return now.get();
    }

    @Override
    public void parkUntil(long nanos) {
        throw new UnsupportedOperationException("Nothing here waits");
    }

    public void pass(Duration duration) {
        now.addAndGet(duration.toNanos());
    }
}
