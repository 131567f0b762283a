package dev.mortise.mcp.resilience;

import java.time.Duration;

/**
 * Trying again what failed. Only for what may be done twice. Retries of one tool or dependency together are held to a
 * fifth of its successes, so that they do not make an overload worse.
 *
 * @param attempts in all, the first included; 2 to 10
 */
public record Retry(int attempts, Backoff backoff) {
    public Retry {
        Checks.between(attempts, 2, 10, "attempts");
    }

    /** With waits that begin below 100 ms and stay below a second. */
    public static Retry upTo(int attempts) {
        return new Retry(attempts, Backoff.between(Duration.ofMillis(100), Duration.ofSeconds(1)));
    }
}
