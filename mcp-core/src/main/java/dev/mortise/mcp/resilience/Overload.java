package dev.mortise.mcp.resilience;

import java.time.Duration;

/**
 * A limit on the calls of each tool at once that finds its own height: it grows by one while answers come as fast as
 * they do with little to do, and shrinks in proportion when they come more slowly than {@code tolerance} times that.
 * Calls above it are refused at once, and told when to try again. Each tool and prompt has a limit of its own, so that
 * one that hangs takes no places from the others; resources have one together.
 *
 * @param least that it shrinks to
 * @param most that it grows to, and the most calls of all kinds together
 * @param initial where it begins
 * @param tolerance how much slower than usual is still fine; above 1, below 2
 * @param retryAfter what refused calls are told, plus up to as much again by chance
 * @param usualAtLeast what a fast call is taken to need usually, at least: calls of microseconds take many times that
 *     whenever they wait for a processor, which says nothing about their number
 */
public record Overload(int least, int most, int initial, double tolerance, Duration retryAfter, Duration usualAtLeast) {
    public Overload {
        Checks.between(least, 1, 100_000, "least");
        Checks.between(most, least, 1_000_000, "most");
        Checks.between(initial, least, most, "initial");
        if (!(tolerance > 1 && tolerance < 2)) {
            throw new IllegalArgumentException("tolerance lies between 1 and 2, but is " + tolerance);
        }
        Checks.positive(retryAfter, "retryAfter");
        Checks.positive(usualAtLeast, "usualAtLeast");
    }

    /** Between 4 and 1,000 calls, beginning with 20; calls that take less than 30 ms are fine in any case. */
    public static Overload adaptive() {
        return new Overload(4, 1_000, 20, 1.5, Duration.ofSeconds(1), Duration.ofMillis(20));
    }

    public Overload between(int newLeast, int newMost) {
        return new Overload(
                newLeast, newMost, Math.clamp(initial, newLeast, newMost), tolerance, retryAfter, usualAtLeast);
    }

    public Overload startingAt(int newInitial) {
        return new Overload(least, most, newInitial, tolerance, retryAfter, usualAtLeast);
    }

    /** With another {@link #usualAtLeast()}: what a service promises to be fast enough is a good value. */
    public Overload usualAtLeast(Duration time) {
        return new Overload(least, most, initial, tolerance, retryAfter, time);
    }
}
