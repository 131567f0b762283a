package dev.mortise.billing.plan;

import dev.mortise.billing.period.Period;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a tenant may do at some instant. Immutable.
 *
 * @param plan which gives it; empty if there is none, and then there are no allowances and no features
 * @param period of the tenant's billing cycle around the instant
 * @param allowances by meter; a meter that is missing may not be used
 * @param until when this may be something else by itself: the end of a phase, a trial, a grace or the period
 * @param asOf when it was last compared with what is stored
 */
public record Entitlement(
        String tenant,
        Standing standing,
        Optional<PlanRef> plan,
        Period period,
        Map<String, Allowance> allowances,
        Set<String> features,
        Instant until,
        Instant asOf) {
    public Entitlement {
        allowances = Collections.unmodifiableMap(new TreeMap<>(allowances));
        features = Collections.unmodifiableSet(new TreeSet<>(features));
    }

    /** @return empty if the meter may not be used */
    public Optional<Allowance> allowance(String meter) {
        return Optional.ofNullable(allowances.get(meter));
    }

    public boolean has(String feature) {
        return features.contains(feature);
    }
}
