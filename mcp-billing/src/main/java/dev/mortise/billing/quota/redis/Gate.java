package dev.mortise.billing.quota.redis;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Redis, and after a failure for a while does not, so that not every call waits for a time-out. Thread-safe. */
final class Gate {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLedgerStore.class);

    private final long pauseNanos;
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean gone;
    private volatile long askAt;

    Gate(Duration pause) {
        this.pauseNanos = pause.toNanos();
    }

    /** Empty if it does not answer, or was not asked because it lately did not. */
    <T> Optional<T> ask(Supplier<T> question) {
        if (gone && System.nanoTime() - askAt < 0) {
            return Optional.empty();
        }
        try {
            T answer = question.get();
            if (gone) {
                gone = false;
                LOG.info("Redis answers again");
            }
            return Optional.of(answer);
        } catch (StoreUnavailable e) {
            askAt = System.nanoTime() + pauseNanos;
            failures.incrementAndGet();
            if (!gone) {
                gone = true;
                LOG.warn("Usage is counted without Redis until it answers again: {}", e.getMessage());
            }
            return Optional.empty();
        }
    }

    boolean isGone() {
        return gone;
    }

    /** How often it did not answer. */
    long failures() {
        return failures.get();
    }
}
