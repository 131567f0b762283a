package dev.mortise.billing.plan;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a plan says about one meter. Quantities are in the meter's own units.
 *
 * @param included units of a whole period, which the price of the plan pays for (soft limit); empty for unlimited
 * @param hardLimit where use ends; empty if it does not. Without an overage price it is what is included
 * @param overage what more than the included units costs; empty if there is no more, or if it is free up to the hard limit
 * @param thresholds percentages of the included units that are told once in a period, ascending
 */
public record MeterTerms(
        Measure measure,
        OptionalLong included,
        OptionalLong hardLimit,
        Optional<Overage> overage,
        List<Integer> thresholds) {
    /** Told once each, unless a plan says otherwise. */
    public static final List<Integer> DEFAULT_THRESHOLDS = List.of(80, 100);

    public MeterTerms {
        thresholds = List.copyOf(thresholds);
        if (included.isPresent() && included.getAsLong() < 0) {
            throw new InvalidPlan("included", "is 0 or more, not " + included.getAsLong());
        }
        if (included.isEmpty() && (hardLimit.isPresent() || overage.isPresent())) {
            throw new InvalidPlan("included", "is unlimited, so there is neither a hard limit nor an overage price");
        }
        if (included.isPresent() && hardLimit.isEmpty() && overage.isEmpty()) {
            hardLimit = included;
        }
        if (hardLimit.isPresent() && hardLimit.getAsLong() < included.orElseThrow()) {
            throw new InvalidPlan(
                    "hardLimit",
                    "is at least what is included, " + included.getAsLong() + ", not " + hardLimit.getAsLong());
        }
        int last = 0;
        for (int threshold : thresholds) {
            if (threshold <= last || threshold > 1000) {
                throw new InvalidPlan("thresholds", "are ascending percentages from 1 to 1000, not " + thresholds);
            }
            last = threshold;
        }
    }
}
