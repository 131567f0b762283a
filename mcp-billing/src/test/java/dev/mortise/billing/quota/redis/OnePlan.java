package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Window;
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

/** Everybody has the same: so many calls in a period that does not end while a test runs. */
public record OnePlan(long calls) implements Entitlements {
    public static final String METER = "api_calls";
    public static final Period PERIOD =
            new Period(Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2100-01-01T00:00:00Z"));

    public static Window window(String tenant) {
        return Window.of(tenant, METER, PERIOD.start(), PERIOD.end());
    }

    @Override
    public Entitlement of(String tenant, Instant at) {
        OptionalLong units = OptionalLong.of(calls);
        Allowance allowance = new Allowance(METER, Measure.SUM, PERIOD, units, units, List.of(80));
        return new Entitlement(
                tenant,
                Standing.ACTIVE,
                Optional.empty(),
                PERIOD,
                Map.of(METER, allowance),
                Set.of(),
                PERIOD.end(),
                at);
    }
}
