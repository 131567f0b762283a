package dev.mortise.billing.payment;

import java.time.Instant;

/**
 * What was reported to a provider, and what it has counted, by the times of use in a half-open interval.
 *
 * @param meter as this system calls it
 * @param here the sum of what the provider has taken, without what it threw away later
 * @param there what it says that it counts
 */
public record UsageComparison(
        String provider, String tenant, String meter, Instant from, Instant to, long here, long there) {
    public boolean isEqual() {
        return here == there;
    }
}
