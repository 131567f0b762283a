package dev.mortise.billing.ledger;

import java.time.Instant;

/**
 * Where a limit is counted: one tenant and meter, and a half-open interval by the times of events.
 *
 * @param startsAt milliseconds since 1970-01-01T00:00Z, inclusive
 * @param endsAt exclusive
 */
public record Window(String tenant, String meter, long startsAt, long endsAt) {
    /** @throws IllegalArgumentException if it is empty */
    public Window {
        if (startsAt >= endsAt) {
            throw new IllegalArgumentException("A window ends after it starts, not " + startsAt + " … " + endsAt);
        }
    }

    public static Window of(String tenant, String meter, Instant from, Instant to) {
        return new Window(tenant, meter, from.toEpochMilli(), to.toEpochMilli());
    }

    /** All of time: where the level of a gauge is what was ever used. */
    public static Window always(String tenant, String meter) {
        return new Window(tenant, meter, 0, Long.MAX_VALUE);
    }

    public boolean contains(long millis) {
        return millis >= startsAt && millis < endsAt;
    }
}
