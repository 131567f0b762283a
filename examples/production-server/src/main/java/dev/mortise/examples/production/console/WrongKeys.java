package dev.mortise.examples.production.console;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many wrong keys came from an address: five at once, then one in twelve seconds. Keys are too long to be guessed;
 * this keeps the log of refusals readable. Each process counts for itself. Thread-safe.
 */
final class WrongKeys {
    private static final int AT_ONCE = 5;
    private static final Duration EACH = Duration.ofSeconds(12);
    private static final int MOST_ADDRESSES = 10_000;

    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /** By address: when all that was wrong is forgotten. The eldest goes when there are too many. */
    private final Map<String, Instant> forgotten = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MOST_ADDRESSES;
        }
    };

    WrongKeys(Clock clock) {
        this.clock = clock;
    }

    /** How long this address has to wait; empty if it may try. */
    Optional<Duration> wait(String address) {
        lock.lock();
        try {
            Instant end = forgotten.get(address);
            Instant full = clock.instant().plus(EACH.multipliedBy(AT_ONCE - 1));
            return end == null || !end.isAfter(full) ? Optional.empty() : Optional.of(Duration.between(full, end));
        } finally {
            lock.unlock();
        }
    }

    void count(String address) {
        lock.lock();
        try {
            Instant now = clock.instant();
            Instant end = forgotten.get(address);
            forgotten.put(address, (end == null || end.isBefore(now) ? now : end).plus(EACH));
        } finally {
            lock.unlock();
        }
    }
}
