package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to SQL what dead processes have left in Redis, and tells Redis what SQL alone knows. Thread-safe. */
final class Keeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RedisLedgerStore.class);
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final Journal journal;
    private final Counters counters;
    private final Gate gate;
    private final KnownWindows windows;
    private final Function<Window, @Nullable Long> used;
    private final Duration ttl;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("usage-keeper").unstarted(this::keep);

    /** @param used what SQL last said of a window; {@code null} if it has not */
    Keeper(
            Journal journal,
            Counters counters,
            Gate gate,
            KnownWindows windows,
            Function<Window, @Nullable Long> used,
            Duration ttl) {
        this.journal = journal;
        this.counters = counters;
        this.gate = gate;
        this.windows = windows;
        this.used = used;
        this.ttl = ttl;
    }

    void start() {
        thread.start();
    }

    /** It does not begin anything new. */
    void stop() {
        stopped.countDown();
    }

    private void keep() {
        try {
            do {
                try {
                    for (int shard = 0; shard < Counters.SHARDS; shard++) {
                        adopt(shard);
                    }
                    refresh();
                } catch (StoreUnavailable e) {
                    LOG.warn("What others have left behind is looked for later: {}", e.getMessage());
                }
            } while (!stopped.await(ttl.toNanos() / 6, TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            LOG.debug("Nobody looks for what others have left behind any more");
        }
    }

    /** Writes to SQL what processes left in Redis that are dead, or had another name. */
    private void adopt(int shard) {
        for (String dead : gate.ask(() -> counters.dead(shard)).orElse(List.of())) {
            while (stopped.getCount() > 0) {
                List<byte[]> found = gate.ask(() -> counters.left(shard, dead)).orElse(List.of());
                if (found.isEmpty()) {
                    break;
                }
                List<Copy> copies =
                        found.stream().map(Copy::read).flatMap(Optional::stream).toList();
                if (copies.isEmpty()) {
                    LOG.error("What {} has left in Redis cannot be read", dead);
                    break;
                }
                LOG.info("{} events that {} had left in Redis are written to the ledger", copies.size(), dead);
                List<Post> posts =
                        copies.stream().map(copy -> (Post) copy.use()).toList();
                journal.post(posts, List.of()).await(FOREVER);
                Map<Window, Long> bases = new HashMap<>();
                copies.forEach(copy -> copy.windows().forEach(window -> {
                    Long known = used.apply(window);
                    if (known != null) {
                        bases.put(window, known);
                    }
                }));
                boolean removed = gate.ask(() -> {
                            counters.written(shard, dead, copies, bases);
                            return true;
                        })
                        .isPresent();
                if (!removed) {
                    break;
                }
            }
        }
    }

    /** Corrections, and what was booked past Redis, are in SQL alone. */
    private void refresh() {
        for (Window window : windows.current(System.currentTimeMillis())) {
            Optional<Optional<Counters.Stands>> seen = gate.ask(() -> counters.look(window));
            if (seen.isEmpty()) {
                return;
            }
            seen.get().ifPresent(stands -> {
                WindowState state = journal.store().look(window);
                if (state.used() != stands.base()) {
                    gate.ask(() -> {
                        counters.refresh(window, stands.base(), state.used());
                        return true;
                    });
                }
            });
        }
    }

    /** Waits for what is under way, for some seconds. */
    @Override
    public void close() {
        stop();
        try {
            if (!thread.join(Duration.ofSeconds(5))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
