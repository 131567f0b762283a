package dev.mortise.billing.quota;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A clock that notices when it is set back. Small steps back are not followed. Thread-safe. */
final class SteadyClock {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyClock.class);
    private static final long TOLERATED_MILLIS = Duration.ofSeconds(5).toMillis();
    private static final long DOUBT_NANOS = Duration.ofMinutes(1).toNanos();

    private final Clock clock;
    private final LongSupplier nanos;
    private final AtomicLong latest = new AtomicLong();
    private final AtomicLong doubtedSince = new AtomicLong();

    /** @param nanos a time that is never set, as {@link System#nanoTime} */
    SteadyClock(Clock clock, LongSupplier nanos) {
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Now, in milliseconds; empty if it is much earlier than it was. */
    OptionalLong millis() {
        long now = clock.millis();
        long before = latest.get();
        if (now >= before) {
            latest.compareAndSet(before, now);
            doubtedSince.lazySet(0);
            return OptionalLong.of(now);
        }
        if (before - now <= TOLERATED_MILLIS) {
            return OptionalLong.of(before);
        }
        return isSettled() ? accept(now) : OptionalLong.empty();
    }

    /** Whether it has been like this for so long that it was wrong before. */
    private boolean isSettled() {
        // Zero stands for no doubt.
        long now = nanos.getAsLong() | 1;
        if (doubtedSince.compareAndSet(0, now)) {
            LOG.error(
                    "The clock was set back to {}: nothing is counted for a minute",
                    Instant.ofEpochMilli(clock.millis()));
            return false;
        }
        return now - doubtedSince.get() > DOUBT_NANOS;
    }

    private OptionalLong accept(long now) {
        latest.set(now);
        doubtedSince.set(0);
        return OptionalLong.of(now);
    }
}
