package dev.mortise.mcp.resilience;

import java.time.Duration;

/**
 * How many may be at it at once, and how many may wait for that, in the order in which they came. A call holds its
 * place while it is tried again, and gives it up when it is over, also when its handler is not.
 *
 * @param concurrent at once
 * @param queue waiting; the next is refused
 * @param maxWait for a place
 */
public record Bulkhead(int concurrent, int queue, Duration maxWait) {
    public Bulkhead {
        Checks.between(concurrent, 1, 100_000, "concurrent");
        Checks.between(queue, 0, 100_000, "queue");
        Checks.notNegative(maxWait, "maxWait");
        if (queue > 0 && maxWait.isZero()) {
            throw new IllegalArgumentException("A queue in which nobody may wait: give it a maxWait, or no queue");
        }
    }

    /** Nobody waits: who finds no place is refused. */
    public static Bulkhead of(int concurrent) {
        return new Bulkhead(concurrent, 0, Duration.ZERO);
    }

    public Bulkhead queue(int places, Duration atMost) {
        return new Bulkhead(concurrent, places, atMost);
    }
}
