package dev.mortise.examples.production.console;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What happened between two looks at the meters.
 *
 * @param at the end of it, milliseconds since 1970
 * @param calls how many ended
 * @param p50 seconds within which half of them ended; {@code null} if there was none
 */
record Interval(
        long at,
        double seconds,
        long calls,
        long failed,
        @Nullable Double p50,
        @Nullable Double p95) {
    static Interval between(Sample before, Sample after) {
        Map<Double, Long> within = new TreeMap<>();
        after.within()
                .forEach((bound, count) ->
                        within.put(bound, count - before.within().getOrDefault(bound, 0L)));
        long timed = after.timed() - before.timed();
        return new Interval(
                after.at().toEpochMilli(),
                Duration.between(before.at(), after.at()).toMillis() / 1_000.0,
                after.calls() - before.calls(),
                after.failed() - before.failed(),
                quantile(0.5, timed, within),
                quantile(0.95, timed, within));
    }

    /** As Prometheus' histogram_quantile has it: evenly spread within a bucket; above the last bound, that bound. */
    private static @Nullable Double quantile(double share, long timed, Map<Double, Long> within) {
        if (timed <= 0 || within.isEmpty()) {
            return null;
        }
        double wanted = share * timed;
        double lower = 0;
        long below = 0;
        for (Map.Entry<Double, Long> bucket : within.entrySet()) {
            long count = bucket.getValue();
            if (count >= wanted && count > below) {
                double upper = bucket.getKey();
                return Double.isInfinite(upper) ? lower : lower + (upper - lower) * (wanted - below) / (count - below);
            }
            lower = Double.isInfinite(bucket.getKey()) ? lower : bucket.getKey();
            below = count;
        }
        return lower;
    }
}
