package dev.mortise.mcp.http;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one clock of all open exchanges: it looks through them a few times a second, instead of scheduling something
 * for each of the many that are over at once. It also knows, when the server shuts down, who is still at work.
 * Thread-safe.
 */
final class Pulse {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long MIN_INTERVAL_NANOS = Duration.ofMillis(10).toNanos();
    private static final long MAX_INTERVAL_NANOS = Duration.ofMillis(250).toNanos();

    /** Something that wants to be woken at a time. */
    interface Sleeper {
        /** When, on the scale of {@link Pulse#now}; {@link Long#MAX_VALUE} for not now. */
        long due();

        /** The time has come. Runs on the clock's only thread: it sets its next time and never blocks. */
        void wake();

        /** The server shuts down and waits no longer. Runs once. */
        void giveUp();
    }

    private final LongSupplier nanos;
    private final long origin;
    private final Set<Sleeper> sleepers = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean running = new AtomicBoolean();
    private final CountDownLatch idle = new CountDownLatch(1);
    private volatile boolean closed;

    Pulse(LongSupplier nanos) {
        this.nanos = nanos;
        this.origin = nanos.getAsLong();
    }

    /** Nanoseconds since this clock was made. */
    long now() {
        return nanos.getAsLong() - origin;
    }

    void add(Sleeper sleeper) {
        sleepers.add(sleeper);
    }

    void remove(Sleeper sleeper) {
        sleepers.remove(sleeper);
        countDownIfIdle();
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits until nobody sleeps any more, makes those give up who still do after the grace, and stops. */
    void close(Duration grace) {
        closed = true;
        countDownIfIdle();
        try {
            if (!idle.await(grace.toNanos(), TimeUnit.NANOSECONDS)) {
                sleepers.forEach(Sleeper::giveUp);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            sleepers.forEach(Sleeper::giveUp);
        }
        running.set(false);
    }

    private void countDownIfIdle() {
        if (closed && sleepers.isEmpty()) {
            idle.countDown();
        }
    }

    /** Starts its thread; the shortest span that matters sets how often it looks. */
    void start(Duration shortest) {
        long interval = Math.clamp(shortest.toNanos() / 4, MIN_INTERVAL_NANOS, MAX_INTERVAL_NANOS);
        if (running.compareAndSet(false, true)) {
            Thread.ofPlatform().daemon().name("mortise-pulse").start(() -> {
                while (running.get()) {
                    LockSupport.parkNanos(this, interval);
                    beat();
                }
            });
        }
    }

    /** Deadlines and heartbeats of all depend on this thread: it survives a shortage of memory, even one of log lines. */
    private void beat() {
        try {
            tick();
        } catch (Error e) {
            // What could be said was said in wake; the next beat tries again.
            Thread.onSpinWait();
        }
    }

    /** Wakes whoever is due. */
    void tick() {
        long now = now();
        for (Sleeper sleeper : sleepers) {
            if (sleeper.due() <= now) {
                wake(sleeper);
            }
        }
    }

    private static void wake(Sleeper sleeper) {
        try {
            sleeper.wake();
        } catch (RuntimeException | Error e) {
            LOG.warn("A timer failed", e);
        }
    }
}
