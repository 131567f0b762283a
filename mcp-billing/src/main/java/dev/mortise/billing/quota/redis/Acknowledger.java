package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.Posting;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for SQL to have what was counted in Redis, and then removes the copies there. What it cannot remove, because Redis
 * is gone, is written to SQL once more by whoever finds it, which books nothing. Thread-safe.
 */
final class Acknowledger implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLedgerStore.class);
    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration IDLE = Duration.ofMillis(100);
    private static final int TOGETHER = 64;

    /** @param copies by shard */
    record Waiting(Posting posting, String replica, Map<Integer, List<Copy>> copies) {
        int size() {
            return copies.values().stream().mapToInt(List::size).sum();
        }
    }

    private record Home(int shard, String replica) {}

    private final Counters counters;
    private final Gate gate;
    private final Function<Window, @Nullable Long> used;
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final AtomicLong unwritten = new AtomicLong();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final Thread thread = Thread.ofVirtual().name("usage-written").unstarted(this::work);
    private volatile boolean closing;

    /** @param used what SQL last said of a window; {@code null} if it has not */
    Acknowledger(Counters counters, Gate gate, Function<Window, @Nullable Long> used) {
        this.counters = counters;
        this.gate = gate;
        this.used = used;
    }

    void start() {
        thread.start();
    }

    void add(Waiting waiting) {
        unwritten.addAndGet(waiting.size());
        queue.add(waiting);
    }

    /** How many events are in Redis, and not known to be in SQL. */
    long unwritten() {
        return unwritten.get();
    }

    /** Whether something could not be removed since the last time that this was asked. */
    boolean hasLost() {
        return lost.getAndSet(false);
    }

    private void work() {
        try {
            while (!closing || !queue.isEmpty()) {
                Waiting first = queue.poll(IDLE.toNanos(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    written(first);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Nobody waits for the ledger any more");
        }
    }

    private void written(Waiting first) {
        Map<Home, List<Copy>> together = new HashMap<>();
        Waiting next = first;
        Duration patience = LONG;
        for (int i = 0; next != null && i < TOGETHER; i++) {
            try {
                next.posting().await(patience).forEach(Acknowledger::check);
            } catch (StoreUnavailable e) {
                if (i == 0) {
                    // This process ends: the copies are for others.
                    unwritten.addAndGet(-next.size());
                }
                break;
            }
            if (i > 0) {
                queue.remove();
            }
            unwritten.addAndGet(-next.size());
            String replica = next.replica();
            next.copies()
                    .forEach((shard, copies) -> together.computeIfAbsent(
                                    new Home(shard, replica), home -> new ArrayList<>())
                            .addAll(copies));
            next = queue.peek();
            patience = Duration.ZERO;
        }
        together.forEach((home, copies) -> {
            Map<Window, Long> bases = new HashMap<>();
            copies.forEach(copy -> copy.windows().forEach(window -> {
                Long known = used.apply(window);
                if (known != null) {
                    bases.put(window, known);
                }
            }));
            boolean removed = gate.ask(() -> {
                        counters.written(home.shard(), home.replica(), copies, bases);
                        return true;
                    })
                    .isPresent();
            if (!removed) {
                lost.set(true);
            }
        });
    }

    /** It was said to be booked: what the ledger thinks otherwise of is for somebody to look at. */
    private static void check(Booking booking) {
        if (booking instanceof Booking.Refused refused) {
            LOG.error("Usage that was counted in Redis is refused by the ledger: {}", refused.reason());
        }
    }

    /** After the ledger was closed, so that nothing waits for long. */
    @Override
    public void close() {
        closing = true;
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
