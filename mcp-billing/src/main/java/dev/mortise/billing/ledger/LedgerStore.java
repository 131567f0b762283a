package dev.mortise.billing.ledger;

import dev.mortise.mcp.store.jdbc.Durability;
import java.time.Duration;
import java.util.List;

/**
 * Where the ledger is kept. An entry and the totals that follow from it change in one transaction. Thread-safe; every
 * method throws {@link dev.mortise.mcp.store.StoreUnavailable}.
 */
public interface LedgerStore extends UsageReader, AutoCloseable {
    /** What an event has survived when {@link #append} returns. */
    Durability durability();

    /**
     * Makes a replica known, which has to be heard of from time to time.
     *
     * @param id unguessable; a process takes a new one each time
     */
    void join(String id, Duration ttl);

    /** @return whether the replica was known and in time; if not, all that it held is others' */
    boolean renew(String id, Duration ttl);

    /** Gives back all that a replica holds, and forgets it. */
    void leave(String id);

    Appended append(Batch batch);

    /**
     * Brings totals, windows and leases up to date, where {@link #append} has left that for later, whoever appended it. Whatever
     * this store is asked is answered as if that had been done; what is to be told of windows is told here or by the next
     * batch. To be called every few seconds.
     *
     * @return windows that have changed
     */
    default List<WindowState> spread() {
        return List.of();
    }

    /**
     * As {@link #spread()}, with what this replica has appended; what others have left may wait. To be called every second or
     * two, and when nothing is appended any more.
     *
     * @return windows that have changed
     */
    default List<WindowState> spread(String replica) {
        return spread();
    }

    /** What came of a batch. */
    sealed interface Appended {
        /**
         * @param bookings one for each post; with the position 0 where that is given out later
         * @param windows that have changed, as they are now
         */
        record Done(List<Booking> bookings, List<WindowState> windows) implements Appended {}

        /** This very batch went in before. */
        record Before() implements Appended {}

        /** The replica is not known any more; nothing was booked. */
        record Fenced() implements Appended {}
    }

    /** What is used of a window, and what replicas hold of it. */
    record WindowState(Window window, long used, long leased) {}

    /** A window, which from then on is kept up with each entry. */
    WindowState look(Window window);

    /**
     * Leases units to a replica, of those that neither are used nor held. What replicas held that were not heard of is
     * free again.
     *
     * @param limit of the window
     * @param need the least to get
     * @param want as many as that, if it is no more than an eighth of what is free: the rest is for others
     */
    Leased lease(String replica, Window window, long limit, long need, long want);

    /** What came of asking for units. */
    sealed interface Leased {
        WindowState state();

        record Granted(long units, WindowState state) implements Leased {}

        /** There are fewer free units than needed. */
        record Exhausted(WindowState state) implements Leased {}
    }

    /**
     * Notes that a share of what is included was reached.
     *
     * @return whether that was not noted before
     */
    boolean reached(Threshold threshold);

    /** Takes thresholds of which nobody was told, so that nobody else does for a while. */
    List<Threshold> untold(Duration claim, int limit);

    /** Somebody was told. */
    void told(Threshold threshold);

    /** Compares all totals with the entries. */
    List<Discrepancy> verify();

    /** Makes the totals of a tenant and meter anew from the entries. */
    void rebuild(String tenant, String meter);

    /** A total that is not what the entries say. */
    record Discrepancy(String tenant, String meter, String what, long stored, long recomputed) {}

    @Override
    void close();
}
