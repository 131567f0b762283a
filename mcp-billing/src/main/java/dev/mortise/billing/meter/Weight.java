package dev.mortise.billing.meter;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one call uses up, known before it runs: so many units of each meter. What a handler finds out only while it runs,
 * it books itself.
 *
 * @param units by the names of counters; each at least 1
 */
public record Weight(Map<String, Long> units) {
    private static final long MOST = 1_000_000_000_000L;

    /** A call that is not counted. */
    public static final Weight NOTHING = new Weight(Map.of());

    /** @throws IllegalArgumentException if a weight is not between 1 and 10¹² */
    public Weight {
        units = Collections.unmodifiableMap(new TreeMap<>(units));
        units.forEach((meter, weight) -> {
            if (weight < 1 || weight > MOST) {
                throw new IllegalArgumentException(
                        "A call weighs 1 to " + MOST + " units, but for " + meter + " this is " + weight);
            }
        });
    }

    /** @throws IllegalArgumentException if it is a gauge: a call does not change the level, what it does may */
    public static Weight of(Meter counter, long units) {
        return NOTHING.and(counter, units);
    }

    /** This, and units of one more counter. */
    public Weight and(Meter counter, long more) {
        if (counter.kind() != Meter.Kind.COUNTER) {
            throw new IllegalArgumentException("A call weighs in counters, and " + counter + " is a gauge");
        }
        Map<String, Long> all = new TreeMap<>(units);
        all.put(counter.name(), more);
        return new Weight(all);
    }

    public boolean isNothing() {
        return units.isEmpty();
    }
}
