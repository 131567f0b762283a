package dev.mortise.security.limit;

import java.time.Duration;

/** What happens to calls while it cannot be found out whether they are too many. */
public sealed interface Outage {
    /** They are refused, with 503. */
    static Outage closed() {
        return new Closed(Duration.ofSeconds(1));
    }

    /**
     * Each process counts for itself.
     *
     * @param part of each rate that one process gives out: with three replicas, a third keeps the sum what it was
     */
    static Outage local(double part) {
        return new Local(part);
    }

    /** @param retryAfter what clients are told */
    record Closed(Duration retryAfter) implements Outage {}

    /** @param part more than 0, up to 1 */
    record Local(double part) implements Outage {
        public Local {
            if (!(part > 0 && part <= 1)) {
                throw new IllegalArgumentException("A part is more than 0 and at most 1, but this one is " + part);
            }
        }
    }
}
