package dev.mortise.billing.quota;

import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Entitlements;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.Standing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Everybody has the same: so many calls in this period, and a feature. */
record FixedPlan(long calls) implements Entitlements {
    static final Period PERIOD =
            new Period(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));

    @Override
    public Entitlement of(String tenant, Instant at) {
        OptionalLong units = OptionalLong.of(calls);
        Allowance allowance = new Allowance("api_calls", Measure.SUM, PERIOD, units, units, List.of(80, 100));
        return new Entitlement(
                tenant,
                Standing.ACTIVE,
                Optional.empty(),
                PERIOD,
                Map.of("api_calls", allowance),
                Set.of("has"),
                PERIOD.end(),
                at);
    }
}
