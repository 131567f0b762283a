package dev.mortise.billing.plan;

import dev.mortise.billing.period.Period;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much of one meter a tenant may use, and over which time that is counted.
 *
 * <p>For {@link Measure#SUM} both numbers hold for everything that is used in {@code window}. Where the plan changed in
 * it, they are the sums of what each plan gives for its share of the time, rounded down: who changes plans to and fro
 * gains nothing. Of levels ({@link Measure#PEAK}, {@link Measure#AVERAGE}) the hard limit is one that the level may not
 * pass at any instant, whatever the window.
 *
 * @param window in which use is counted; its end is when it begins anew. It begins later than the period where an
 *     unlimited plan came before
 * @param included the soft limit; empty for unlimited
 * @param hardLimit empty if there is none
 * @param thresholds percentages of {@code included} that are told once in the window, ascending
 */
public record Allowance(
        String meter,
        Measure measure,
        Period window,
        OptionalLong included,
        OptionalLong hardLimit,
        List<Integer> thresholds) {
    public Allowance {
        thresholds = List.copyOf(thresholds);
    }

    public Instant resetsAt() {
        return window.end();
    }
}
