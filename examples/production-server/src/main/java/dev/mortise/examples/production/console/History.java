package dev.mortise.examples.production.console;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The last ten minutes of this process in steps, so that the chart does not begin when the page is opened. Thread-safe. */
final class History implements AutoCloseable {
    static final Duration STEP = Duration.ofSeconds(2);
    static final int MOST = 300;

    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final MeterRegistry registry;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Interval> intervals = new ArrayDeque<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Sample last;

    History(MeterRegistry registry, Clock clock) {
        this.registry = registry;
        this.clock = clock;
        this.last = Sample.of(registry, clock.instant());
    }

    History start() {
        Thread.ofVirtual().name("mortise-console").start(this::run);
        return this;
    }

    private void run() {
        try {
            while (!closed.await(STEP.toNanos(), TimeUnit.NANOSECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void look() {
        lock.lock();
        try {
            Sample now = Sample.of(registry, clock.instant());
            intervals.addLast(Interval.between(last, now));
            last = now;
            if (intervals.size() > MOST) {
                intervals.removeFirst();
            }
        } catch (RuntimeException e) {
            LOG.warn("The meters could not be read", e);
        } finally {
            lock.unlock();
        }
    }

    /** What ended after this instant, the eldest first. */
    List<Interval> after(long millis) {
        lock.lock();
        try {
            return intervals.stream().filter(each -> each.at() > millis).toList();
        } finally {
            lock.unlock();
        }
    }

    /** Calls since the start, by the last look. */
    Sample last() {
        lock.lock();
        try {
            return last;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
