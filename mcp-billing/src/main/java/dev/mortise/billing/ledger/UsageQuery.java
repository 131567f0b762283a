package dev.mortise.billing.ledger;

import java.time.Instant;

/**
 * Which entries: of one tenant and meter, used in a half-open interval, and between two positions. An invoice that was
 * made up to a position gets the same sum for ever with {@link #through}; what came later is {@link #after} it.
 *
 * @param from inclusive
 * @param to exclusive
 * @param after only entries with a higher position
 * @param through only entries with this position or a lower one
 */
public record UsageQuery(String tenant, String meter, Instant from, Instant to, long after, long through) {
    private static final Instant FIRST = Instant.ofEpochMilli(Long.MIN_VALUE);
    private static final Instant LAST = Instant.ofEpochMilli(Long.MAX_VALUE);

    /**
     * What lies beyond the times that a ledger can hold is left out of the interval.
     *
     * @throws IllegalArgumentException if the interval ends before it begins
     */
    public UsageQuery {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("An interval does not end before it begins: " + from + " … " + to);
        }
        from = kept(from);
        to = kept(to);
    }

    private static Instant kept(Instant at) {
        return at.isBefore(FIRST) ? FIRST : at.isAfter(LAST) ? LAST : at;
    }

    /** All entries of the interval. */
    public static UsageQuery of(String tenant, String meter, Instant from, Instant to) {
        return new UsageQuery(tenant, meter, from, to, 0, Long.MAX_VALUE);
    }

    public UsageQuery after(long position) {
        return new UsageQuery(tenant, meter, from, to, position, through);
    }

    public UsageQuery through(long position) {
        return new UsageQuery(tenant, meter, from, to, after, position);
    }
}
