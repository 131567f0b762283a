package dev.mortise.billing.ledger;

import java.time.Instant;

/** Something to be booked. */
public sealed interface Post {
    /** @param recordedAt when this process took it */
    record Use(UsageEvent event, Instant recordedAt) implements Post {}

    /**
     * Takes an entry back, once and wholly.
     *
     * @param actor who wants that; may be empty
     */
    record Reverse(String tenant, String source, String id, String actor, Instant recordedAt) implements Post {}
}
