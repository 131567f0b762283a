package dev.mortise.mcp.health;

import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Guard;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.resilience.ServiceEvent;
import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.resilience.Unavailable;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One check and what it has found so far. It looks on a platform thread of its own, because a process whose virtual
 * threads are starved still has to say so; a look that hangs is left behind, and no other begins until it returns.
 */
final class Watch {
    private static final Logger LOG = LoggerFactory.getLogger(Watch.class);
    private static final int MOST_CHANGES = 10;
    private static final int LONGEST_MESSAGE = 300;

    private final HealthCheck check;
    private final Ticker ticker;
    private final Clock clock;
    private final FailureListener listener;
    private final Guard guard;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<CheckReport.Change> history = new ArrayDeque<>();
    private volatile boolean stopped;
    private volatile @Nullable Thread thread;

    // Under the lock:
    private @Nullable Verdict verdict;
    private @Nullable Instant since;
    private @Nullable Instant checkedAt;
    private long took;

    Watch(HealthCheck check, Ticker ticker, Clock clock, FailureListener listener) {
        this.check = check;
        this.ticker = ticker;
        this.clock = clock;
        this.listener = listener;
        this.guard = Guard.of(
                check.name(),
                Protection.builder().timeout(check.timeout()).maxAbandoned(1).build(),
                ticker);
    }

    void start() {
        Thread looking = Thread.ofPlatform()
                .daemon()
                .name("mortise-health-" + check.name())
                .unstarted(this::keepLooking);
        thread = looking;
        looking.start();
    }

    void stop() {
        stopped = true;
        Thread looking = thread;
        if (looking != null) {
            looking.interrupt();
            LockSupport.unpark(looking);
        }
    }

    private void keepLooking() {
        while (!stopped) {
            look();
            long next = ticker.nanos() + check.every().toNanos();
            while (!stopped && ticker.nanos() - next < 0) {
                ticker.parkUntil(next);
            }
        }
    }

    private void look() {
        long began = ticker.nanos();
        Verdict found;
        try {
            found = Objects.requireNonNull(guard.call(check.probe()::look), "a check that finds nothing");
        } catch (Unavailable e) {
            found = Verdict.down("no answer within " + check.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        } catch (Exception | LinkageError | AssertionError e) {
            LOG.debug("Check {} failed", check.name(), e);
            found = Verdict.down(e.getClass().getSimpleName());
        }
        note(found, (ticker.nanos() - began) / 1_000_000);
    }

    private void note(Verdict found, long millis) {
        Instant now = clock.instant();
        Verdict before;
        lock.lock();
        try {
            before = verdict;
            verdict = found;
            checkedAt = now;
            took = millis;
            if (before == null || before.ok() != found.ok()) {
                since = now;
                history.addFirst(new CheckReport.Change(now, status(found), shortened(found.message())));
                if (history.size() > MOST_CHANGES) {
                    history.removeLast();
                }
            }
        } finally {
            lock.unlock();
        }
        // That something is up from the beginning is no news.
        if (before == null ? !found.ok() : before.ok() != found.ok()) {
            LOG.info("Check {} is {} {}", check.name(), found.ok() ? "up" : "down:", found.message());
            listener.changed(new ServiceEvent.HealthChanged(check.name(), found.ok(), shortened(found.message())));
        }
    }

    private static String shortened(String message) {
        return message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE);
    }

    private Status status(Verdict of) {
        if (of.ok()) {
            return Status.UP;
        }
        return check.required() ? Status.DOWN : Status.DEGRADED;
    }

    HealthCheck check() {
        return check;
    }

    CheckReport report() {
        lock.lock();
        try {
            Verdict latest = verdict;
            return new CheckReport(
                    check.name(),
                    check.groups(),
                    check.required(),
                    latest == null ? null : status(latest),
                    latest == null ? "" : shortened(latest.message()),
                    latest == null ? Map.of() : latest.details(),
                    since,
                    checkedAt,
                    took,
                    List.copyOf(history));
        } finally {
            lock.unlock();
        }
    }
}
