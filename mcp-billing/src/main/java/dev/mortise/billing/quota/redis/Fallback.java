package dev.mortise.billing.quota.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.billing.ledger.Held;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.LedgerStore.Leased;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.Window;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Units that are given out while Redis is gone: leased from SQL, or by what this process last knew. Thread-safe. */
final class Fallback {
    private static final int SHARES = 8;

    private final Journal journal;
    private final ReentrantLock lock = new ReentrantLock();
    /** Of SQL's leases what is held, in the epoch in which it was leased. */
    private final Map<Window, Held> leased = new HashMap<>();
    /** Given out by nobody's leave. */
    private final Map<Window, Long> local = new HashMap<>();

    private final Cache<Window, WindowState> seen =
            Caffeine.newBuilder().maximumSize(50_000).build();

    Fallback(Journal journal) {
        this.journal = journal;
    }

    /** @param alone whether this process counts what SQL may not have yet */
    void seen(WindowState state, boolean alone) {
        seen.asMap().merge(state.window(), state, (before, now) -> alone && before.used() > now.used() ? before : now);
    }

    Leased fromSql(Window window, long limit, long need, long want) {
        long epoch = journal.epoch();
        Leased answer = journal.lease(epoch, window, limit, need, want);
        if (answer instanceof Leased.Granted granted) {
            lock.lock();
            try {
                Held before = leased.get(window);
                long kept = before != null && before.epoch() == epoch ? before.units() : 0;
                leased.put(window, new Held(epoch, window, kept + granted.units()));
            } finally {
                lock.unlock();
            }
        }
        return answer;
    }

    Leased fromMemory(Window window, long limit, long need, long want) {
        WindowState state = seen.get(window, journal.store()::look);
        lock.lock();
        try {
            long given = local.getOrDefault(window, 0L);
            long free = limit - state.used() - given;
            if (free < need) {
                return new Leased.Exhausted(new WindowState(window, state.used(), given));
            }
            long units = Math.max(need, Math.min(want, free / SHARES));
            local.put(window, given + units);
            return new Leased.Granted(units, new WindowState(window, state.used(), given + units));
        } finally {
            lock.unlock();
        }
    }

    /**
     * What is spent, by whose it was.
     *
     * @param toSql to be given up in SQL
     * @param toRedis to be given up in Redis
     */
    record Split(List<Held> toSql, Map<Window, Long> toRedis) {}

    /** What was given out while Redis was gone is spent first. */
    Split spend(List<Spent> all) {
        List<Held> toSql = new ArrayList<>();
        Map<Window, Long> toRedis = new HashMap<>();
        lock.lock();
        try {
            for (Spent spent : all) {
                long units = spent.units() - fromLocal(spent.window(), spent.units());
                Held held = leased.get(spent.window());
                if (held != null && units > 0) {
                    long part = Math.min(units, held.units());
                    toSql.add(new Held(held.epoch(), held.window(), part));
                    keep(held, held.units() - part);
                    units -= part;
                }
                if (units > 0) {
                    toRedis.merge(spent.window(), units, Long::sum);
                }
            }
        } finally {
            lock.unlock();
        }
        return new Split(toSql, toRedis);
    }

    /** What was not given up after all. */
    void restore(Split split) {
        lock.lock();
        try {
            for (Held held : split.toSql()) {
                Held now = leased.get(held.window());
                keep(held, held.units() + (now != null && now.epoch() == held.epoch() ? now.units() : 0));
            }
        } finally {
            lock.unlock();
        }
    }

    private long fromLocal(Window window, long units) {
        long part = Math.min(units, local.getOrDefault(window, 0L));
        if (part > 0) {
            local.computeIfPresent(window, (same, given) -> given == part ? null : (Long) (given - part));
        }
        return part;
    }

    private void keep(Held held, long units) {
        leased.compute(held.window(), (window, before) -> units == 0 ? null : new Held(held.epoch(), window, units));
    }

    /** Counts what was booked in memory alone. */
    void count(Copy copy) {
        for (Window window : copy.windows()) {
            seen.asMap()
                    .computeIfPresent(
                            window,
                            (same, state) -> new WindowState(
                                    same, state.used() + copy.use().event().quantity(), state.leased()));
        }
    }

    /** What SQL says. */
    @Nullable
    WindowState known(Window window) {
        return seen.getIfPresent(window);
    }
}
