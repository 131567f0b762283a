package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Held;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.LedgerStore.Leased;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Posting;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What this process may give out of one meter of one tenant. Units come from the store by the lease, more of them the
 * faster they go, and go back when nobody wants them. Thread-safe.
 */
final class Pool {
    /** For so long the answer that there is nothing left is not asked for again. */
    private static final long DENIED_NANOS = Duration.ofMillis(250).toNanos();

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final long IDLE_NANOS = Duration.ofSeconds(2).toNanos();

    private static final long FORGOTTEN_NANOS = Duration.ofMinutes(1).toNanos();

    /** Either what units were taken from, or why there are none; neither if this is not in use any more. */
    record Taken(@Nullable Share share, @Nullable WindowState exhausted) {
        boolean retired() {
            return share == null && exhausted == null;
        }
    }

    private record Exhausted(Window window, long limit, long need, WindowState state, long untilNanos) {}

    private final Journal journal;
    private final LongSupplier nanos;
    private final ReentrantLock leasing = new ReentrantLock();
    private volatile @Nullable Share share;
    private volatile @Nullable Window looked;
    private volatile long wanted;
    private volatile boolean retired;
    private @Nullable Exhausted exhausted;

    /** @param nanos as {@link System#nanoTime} */
    Pool(Journal journal, LongSupplier nanos) {
        this.journal = journal;
        this.nanos = nanos;
        this.wanted = nanos.getAsLong();
    }

    /** @throws StoreUnavailable if more units are needed, and cannot be asked for */
    Taken take(Window window, long limit, long units) {
        Share now = share;
        if (now != null && isGood(now, window, limit) && now.take(units)) {
            return new Taken(now, null);
        }
        leasing.lock();
        try {
            wanted = nanos.getAsLong();
            return retired ? new Taken(null, null) : lease(window, limit, units);
        } finally {
            leasing.unlock();
        }
    }

    /** What was leased under a higher limit may be more than the lower one has left. */
    private boolean isGood(Share now, Window window, long limit) {
        return journal.holds(now.epoch) && now.window.equals(window) && limit >= now.limit;
    }

    private Taken lease(Window window, long limit, long units) {
        Share now = share;
        if (now == null || !isGood(now, window, limit)) {
            Share old = now;
            now = new Share(this, window, journal.epoch(), limit, nanos);
            // First: from now on what is put back into the old one goes on to the store.
            share = now;
            awaitBack(old);
        }
        if (now.take(units)) {
            return new Taken(now, null);
        }
        Exhausted known = exhausted;
        if (known != null
                && known.window().equals(window)
                && known.limit() == limit
                && units >= known.need()
                && nanos.getAsLong() - known.untilNanos() < 0) {
            return new Taken(null, known.state());
        }
        now.limit = Math.max(now.limit, limit);
        long own = now.drain();
        Leased leased;
        try {
            leased = journal.lease(now.epoch, window, limit, units - own, now.want(units - own));
        } catch (RuntimeException e) {
            now.keep(own);
            throw e;
        }
        return switch (leased) {
            case Leased.Granted granted -> {
                now.keep(own + granted.units() - units);
                yield new Taken(now, null);
            }
            case Leased.Exhausted none -> {
                now.keep(own);
                WindowState state = heldByOthers(none.state(), own);
                exhausted = new Exhausted(window, limit, units, state, nanos.getAsLong() + DENIED_NANOS);
                yield new Taken(null, state);
            }
        };
    }

    /** Of what is leased, that which lies here and did not suffice is not held by anybody. */
    private static WindowState heldByOthers(WindowState state, long own) {
        return new WindowState(state.window(), state.used(), Math.max(0, state.leased() - own));
    }

    /** Something was freed here: the next who asks is not told what was true before. */
    void freed() {
        leasing.lock();
        try {
            exhausted = null;
        } finally {
            leasing.unlock();
        }
    }

    /** Has the window kept up from now on, where nothing is leased from it. */
    void look(Window window) {
        wanted = nanos.getAsLong();
        if (!window.equals(looked)) {
            journal.store().look(window);
            looked = window;
        }
    }

    /**
     * Gives back what nobody has wanted for a while, or what is of a window that is over.
     *
     * @return whether nobody has wanted anything for so long that this may be forgotten; whoever has it still is told
     */
    boolean tidy(long nowMillis) {
        Share now = share;
        if (now != null && (now.isIdle(IDLE_NANOS) || nowMillis >= now.window.endsAt())) {
            giveBack(now);
        }
        long since = nanos.getAsLong() - FORGOTTEN_NANOS;
        if (wanted - since > 0 || (now != null && !now.isIdle(FORGOTTEN_NANOS)) || !leasing.tryLock()) {
            return false;
        }
        try {
            retired = wanted - since <= 0;
            return retired;
        } finally {
            leasing.unlock();
        }
    }

    /** What is put back into a share that nobody will look at any more goes back to the store. */
    void returned(Share old) {
        if (retired || old != share) {
            giveBack(old);
        }
    }

    /** Where they are the same units that are leased anew, they must not count as leased still. */
    private void awaitBack(@Nullable Share old) {
        Posting back = giveBack(old);
        if (back != null) {
            try {
                back.await(PATIENCE);
            } catch (StoreUnavailable e) {
                // Then there is less to lease, for a while.
            }
        }
    }

    private @Nullable Posting giveBack(@Nullable Share old) {
        long units = old == null ? 0 : old.drain();
        if (old == null || units == 0) {
            return null;
        }
        try {
            return journal.post(List.of(), List.of(new Held(old.epoch, old.window, units)));
        } catch (StoreUnavailable e) {
            // They stay with this process, until the next time or until it is not heard of any more.
            old.keep(units);
            return null;
        }
    }
}
