package dev.mortise.mcp.resilience;

import java.time.Duration;

/**
 * A circuit breaker: after too many failures it opens, and calls are refused at once instead of waiting for what is
 * down. After a while it lets a few trials pass. If they all succeed it closes; one that fails opens it again. What
 * counts as a failure is said at {@link Protection}.
 *
 * @param failures of the latest {@code outOf} calls that open it
 * @param openFor how long it stays open; up to a tenth less, so that replicas do not try all at once
 * @param trials how many have to succeed, and may run at once, before it closes
 */
public record Breaker(int failures, int outOf, Duration openFor, int trials) {
    public Breaker {
        Checks.between(failures, 1, 10_000, "failures");
        Checks.between(outOf, failures, 10_000, "outOf");
        Checks.positive(openFor, "openFor");
        Checks.between(trials, 1, 100, "trials");
    }

    /** Opens for 5 seconds, and closes after one successful trial. */
    public static Breaker after(int failures, int outOf) {
        return new Breaker(failures, outOf, Duration.ofSeconds(5), 1);
    }

    public Breaker openFor(Duration duration) {
        return new Breaker(failures, outOf, duration, trials);
    }

    public Breaker trials(int number) {
        return new Breaker(failures, outOf, openFor, number);
    }

    /** What a breaker does with a call. */
    public enum State {
        /** Lets it pass. */
        CLOSED,
        /** Refuses it. */
        OPEN,
        /** Lets it pass if it is one of the few trials. */
        HALF_OPEN
    }
}
