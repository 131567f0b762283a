package dev.mortise.mcp.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: longer each time, up to a bound, and never the same for two who fail together.
 *
 * @param first before the first new try, at most
 * @param max the bound
 * @param factor by which the wait grows; at least 1
 * @param jitter the part of a wait that chance decides, from 0 to 1: a wait w becomes one between w·(1−jitter) and w
 */
public record Backoff(Duration first, Duration max, double factor, double jitter) {
    public Backoff {
        Checks.positive(first, "first");
        Checks.positive(max, "max");
        if (first.compareTo(max) > 0) {
            throw new IllegalArgumentException("The first wait, " + first + ", is longer than the longest, " + max);
        }
        if (!(factor >= 1) || factor > 1000) {
            throw new IllegalArgumentException("factor lies between 1 and 1000, but is " + factor);
        }
        if (!(jitter >= 0 && jitter <= 1)) {
            throw new IllegalArgumentException("jitter lies between 0 and 1, but is " + jitter);
        }
    }

    /** Doubles each time; half of each wait is chance. */
    public static Backoff between(Duration first, Duration max) {
        return new Backoff(first, max, 2, 0.5);
    }

    /**
     * The wait before a new try.
     *
     * @param failures how many tries have failed; at least 1
     * @return between zero and {@link #max}
     */
    public Duration delay(int failures, RandomGenerator random) {
        double longest = max.toNanos();
        double grown = Math.min(longest, first.toNanos() * Math.pow(factor, Math.max(0, failures - 1)));
        double chosen = grown * (1 - jitter * random.nextDouble());
        return Duration.ofNanos(Math.clamp((long) chosen, 0, max.toNanos()));
    }
}
