package dev.mortise.billing.ledger;

import java.time.Instant;

/** Something to be booked. */
public sealed interface Post {
    /**
     * An event.
     *
     * @param recordedAt when this process took it
     * @param fresh whether this process has given out the event's id itself, as an {@link EventNumber} under the name that it
     *     has in the ledger now, and posts it for the first time: then the ledger need not look for it among all others.
     *     Only of a counter
     */
    record Use(UsageEvent event, Instant recordedAt, boolean fresh) implements Post {
        /** Of an event of which it is not known whether it was booked. */
        public Use(UsageEvent event, Instant recordedAt) {
            this(event, recordedAt, false);
        }
    }

    /**
     * Takes an entry back, once and wholly.
     *
     * @param actor who wants that; may be empty
     */
    record Reverse(String tenant, String source, String id, String actor, Instant recordedAt) implements Post {}

    /** The same, and it may have been booked before. */
    default Post again() {
        return switch (this) {
            case Use use -> use.fresh() ? new Use(use.event(), use.recordedAt()) : use;
            case Reverse reverse -> reverse;
        };
    }
}
