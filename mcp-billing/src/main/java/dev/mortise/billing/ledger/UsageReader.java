package dev.mortise.billing.ledger;

import java.util.List;

/** Reads what was used. Thread-safe; each method throws {@link dev.mortise.mcp.store.StoreUnavailable}. */
public interface UsageReader {
    /** The position of the last entry of this tenant and meter; 0 if there is none. */
    long position(String tenant, String meter);

    /** What is in use now: the sum of all that was ever booked; of a gauge, the level. */
    long balance(String tenant, String meter);

    /** Adds up a counter. */
    CounterUsage counted(UsageQuery query);

    /** Follows a gauge. What was before the interval counts as its opening, within the positions of the query. */
    GaugeUsage gauged(UsageQuery query);

    /**
     * The entries themselves, by position. To go on, ask {@link UsageQuery#after} the last.
     *
     * @param limit the most to get, 1 to 10,000
     */
    List<LedgerEntry> entries(UsageQuery query, int limit);

    /** The meters of which this tenant has entries, by name. */
    List<String> metersOf(String tenant);
}
