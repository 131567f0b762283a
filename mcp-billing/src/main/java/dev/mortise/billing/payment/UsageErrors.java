package dev.mortise.billing.payment;

import java.util.List;

/**
 * What a provider found wrong with usage after it had taken it.
 *
 * @param count of all that were found wrong
 * @param samples some of them: providers name a few, not all
 */
public record UsageErrors(long count, List<Sample> samples) {
    public UsageErrors {
        samples = List.copyOf(samples);
    }

    /** @param identifier of the {@link UsageReport} */
    public record Sample(String identifier, String code) {}
}
