package dev.mortise.benchmarks.billing;

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
import java.util.concurrent.ConcurrentHashMap;

/** Everybody has a hard limit, which is counted towards and never met. */
final class WidePlan implements Entitlements {
    static final Period PERIOD =
            new Period(Instant.parse("2020-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));

    private static final OptionalLong LIMIT = OptionalLong.of(1_000_000_000_000_000L);

    private final Map<String, Entitlement> known = new ConcurrentHashMap<>();

    @Override
    public Entitlement of(String tenant, Instant at) {
        return known.computeIfAbsent(
                tenant,
                name -> new Entitlement(
                        name,
                        Standing.ACTIVE,
                        Optional.empty(),
                        PERIOD,
                        Map.of(
                                "api_calls",
                                new Allowance("api_calls", Measure.SUM, PERIOD, LIMIT, LIMIT, List.of(80, 100))),
                        Set.of(),
                        PERIOD.end(),
                        at));
    }
}
