package dev.mortise.mcp.resilience;

import java.time.Duration;

/**
 * A second attempt beside a first that is slow; whichever succeeds first counts, and the other is cancelled. Only for
 * what may be done twice. The further attempts report no progress and log nothing to the client.
 *
 * @param after how long each attempt is waited for before the next begins: about the 95th percentile of the time that
 *     it usually takes
 * @param extra how many further attempts, 1 to 3
 */
public record Hedge(Duration after, int extra) {
    public Hedge {
        Checks.positive(after, "after");
        Checks.between(extra, 1, 3, "extra");
    }

    public static Hedge after(Duration duration) {
        return new Hedge(duration, 1);
    }
}
