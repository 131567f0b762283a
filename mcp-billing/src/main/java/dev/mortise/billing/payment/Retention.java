package dev.mortise.billing.payment;

import java.time.Duration;

/**
 * For how long payments keep what has come to its end. What has not, stays: usage that is still to be sent, operations that
 * are still to be done, whatever a {@link Finding} is about that nobody has resolved. So do customers and subscriptions,
 * one row for each.
 *
 * @param webhooks by when they were received, so that one which comes again has no second effect. Providers repeat them for
 *     days, and people by hand for a month
 * @param operations by when they ended: within this time the same request of a tenant is the same operation
 * @param usage by when it was used: within this time the same usage is not written down again, what a provider throws away
 *     in the background is recognized, and usage can be compared
 */
public record Retention(Duration webhooks, Duration operations, Duration usage) {
    /** Stripe takes meter events that are up to 35 days old, and shows webhooks for sending them again for a month. */
    private static final Duration SHORTEST = Duration.ofDays(36);

    /** 90 days for webhooks; 400 days, a year and what it takes to notice, for operations and usage. */
    public static final Retention STANDARD =
            new Retention(Duration.ofDays(90), Duration.ofDays(400), Duration.ofDays(400));

    /** @throws IllegalArgumentException if one of them is shorter than 36 days */
    public Retention {
        require("webhooks", webhooks);
        require("operations", operations);
        require("usage", usage);
    }

    private static void require(String what, Duration kept) {
        if (kept.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("Providers may come back to " + what + " for " + SHORTEST.toDays()
                    + " days: keep them for that long at least, not for " + kept);
        }
    }
}
