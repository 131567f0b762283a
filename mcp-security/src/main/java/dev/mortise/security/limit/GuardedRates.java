package dev.mortise.security.limit;

import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared store that may be slow or gone: no call waits for it longer than the patience, and after some failures in a
 * row it is left alone for a while, and then tried by one call at a time. What to do without it, each call says.
 */
final class GuardedRates {
    private static final Logger LOG = LoggerFactory.getLogger(RateLimits.class);
    private static final int FAILURES = 3;
    private static final int MOST_WAITING = 256;

    private final @Nullable RateStore shared;
    private final MemoryRateStore local;
    private final Duration patience;
    private final Duration pause;
    private final Ticker ticker;
    private final Semaphore waiting = new Semaphore(MOST_WAITING);
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong resumeAt = new AtomicLong();

    /** @param shared {@code null} to count in this process only */
    GuardedRates(@Nullable RateStore shared, MemoryRateStore local, Duration patience, Duration pause, Ticker ticker) {
        this.shared = shared;
        this.local = local;
        this.patience = patience;
        this.pause = pause;
        this.ticker = ticker;
    }

    /** What came of it. */
    sealed interface Taken {
        record Counted(RateStore.Verdict verdict) implements Taken {}

        /** It is not known, and the call is refused. */
        record Unknown(Duration retryAfter) implements Taken {}
    }

    Taken take(List<RateStore.Charge> charges, Outage outage) {
        RateStore store = shared;
        if (store == null) {
            return new Taken.Counted(local.take(charges, false));
        }
        RateStore.Verdict verdict = mayAsk() ? ask(store, charges) : null;
        if (verdict != null) {
            return new Taken.Counted(verdict);
        }
        return switch (outage) {
            case Outage.Closed closed -> new Taken.Unknown(closed.retryAfter());
            case Outage.Local fewer -> new Taken.Counted(local.take(share(charges, fewer.part())));
        };
    }

    private static List<RateStore.Charge> share(List<RateStore.Charge> charges, double part) {
        return charges.stream()
                .map(charge -> {
                    Rate rate = charge.rate().share(part);
                    // What would fit into the whole must not be impossible only because this is a part.
                    return new RateStore.Charge(
                            charge.window(), rate, charge.key(), Math.min(charge.cost(), rate.burst()));
                })
                .toList();
    }

    private boolean mayAsk() {
        if (failures.get() < FAILURES) {
            return true;
        }
        long now = ticker.nanos();
        long at = resumeAt.get();
        return now - at >= 0 && resumeAt.compareAndSet(at, now + pause.toNanos());
    }

    private RateStore.@Nullable Verdict ask(RateStore store, List<RateStore.Charge> charges) {
        if (!waiting.tryAcquire()) {
            return failed("too many calls wait for it", null);
        }
        Thread asking = Thread.currentThread();
        FutureTask<RateStore.Verdict> task = new FutureTask<>(() -> store.take(charges)) {
            @Override
            protected void done() {
                LockSupport.unpark(asking);
            }
        };
        Thread.ofVirtual().name("mortise-rates").start(() -> {
            try {
                task.run();
            } finally {
                // Also of one that was given up before it began.
                waiting.release();
            }
        });
        try {
            awaitDone(task);
            RateStore.Verdict verdict = task.get(0, TimeUnit.NANOSECONDS);
            if (failures.getAndSet(0) >= FAILURES) {
                LOG.info("The shared rate limits are back");
            }
            return verdict;
        } catch (TimeoutException e) {
            // Interrupted, it lets go of its connection; what it has taken all the same is taken.
            task.cancel(true);
            return failed("no answer within " + patience.toMillis() + " ms", null);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StoreUnavailable unavailable) {
                return failed("it is unavailable", unavailable);
            }
            throw new IllegalStateException("The store of rate limits failed", e.getCause());
        } catch (InterruptedException e) {
            task.cancel(true);
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /** Returns when it is done, or the patience is at an end. */
    private void awaitDone(FutureTask<?> task) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (!task.isDone() && System.nanoTime() - end < 0) {
            Ticker.system().parkUntil(end);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private RateStore.@Nullable Verdict failed(String why, @Nullable StoreUnavailable cause) {
        resumeAt.set(ticker.nanos() + pause.toNanos());
        int before = failures.getAndUpdate(count -> Math.min(count + 1, FAILURES));
        if (before == FAILURES - 1) {
            LOG.warn("The store of the shared rate limits is left alone for a while: {}", why, cause);
        }
        return null;
    }
}
