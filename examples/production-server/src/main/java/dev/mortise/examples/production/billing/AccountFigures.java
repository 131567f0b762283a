package dev.mortise.examples.production.billing;

import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.MeterTerms;
import dev.mortise.billing.plan.Plan;
import dev.mortise.mcp.json.Description;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What an account has, has used and has left, as tools and the page of the account show it. Thread-safe; it may block. */
public final class AccountFigures {
    private final Accounting accounting;
    private final Clock clock;

    public AccountFigures(Accounting accounting, Clock clock) {
        this.accounting = accounting;
        this.clock = clock;
    }

    /** What is left of one allowance. */
    public record Left(
            String meter,
            String unit,
            long used,

            @Description("What the plan includes until it begins anew; missing if it is unlimited") @Nullable
            Long included,

            @Description(
                    "What a whole period of this plan includes, where included is made up of shares because the plan was"
                            + " changed within the period; missing otherwise")
            @Nullable
            Long includedInWholePeriod,

            @Description("Where use ends; missing if it does not") @Nullable
            Long limit,

            @Nullable Long remaining,

            @Description("When it begins anew, in UTC; missing for what stays, such as storage") @Nullable
            String resetsAt) {}

    /** What is left of all allowances. */
    public record Quota(String account, String plan, List<Left> meters) {}

    /** The plan of an account. */
    public record MyPlan(
            String account,

            @Description("Its id and version, such as starter@1; free unless there is a subscription")
            String plan,

            String name,

            @Description("Of a period; missing if it is agreed upon") @Nullable
            String price,

            @Description("NONE for no subscription, TRIAL, ACTIVE, PAST_DUE or SUSPENDED")
            String standing,

            String periodBegins,
            String periodEnds,
            List<String> features) {}

    public Quota quota(String payer) {
        Entitlement entitlement = accounting.entitlements().of(payer, clock.instant());
        Optional<Plan> plan = entitlement.plan().flatMap(accounting.books().plans()::find);
        return new Quota(
                payer,
                entitlement.plan().map(Object::toString).orElse("none"),
                entitlement.allowances().values().stream()
                        .map(allowance -> left(payer, plan, allowance))
                        .toList());
    }

    /** Null where the allowance is that. */
    private static @Nullable Long whole(Optional<Plan> plan, Allowance allowance) {
        OptionalLong whole = plan.map(known -> known.meters().get(allowance.meter()))
                .map(MeterTerms::included)
                .orElse(OptionalLong.empty());
        return whole.isEmpty() || whole.equals(allowance.included()) ? null : (Long) whole.getAsLong();
    }

    private Left left(String payer, Optional<Plan> plan, Allowance allowance) {
        long used = accounting.billing().quotas().standing(payer, allowance).used();
        Meter meter = accounting.meters().find(allowance.meter()).orElseThrow();
        Long limit =
                allowance.hardLimit().isPresent() ? (Long) allowance.hardLimit().getAsLong() : null;
        return new Left(
                meter.name(),
                meter.unit(),
                used,
                allowance.included().isPresent() ? (Long) allowance.included().getAsLong() : null,
                whole(plan, allowance),
                limit,
                limit == null ? null : (Long) Math.max(0, limit - used),
                meter.kind() == Meter.Kind.COUNTER ? allowance.resetsAt().toString() : null);
    }

    public MyPlan plan(String payer) {
        Entitlement entitlement = accounting.entitlements().of(payer, clock.instant());
        Plan plan = entitlement.plan().flatMap(accounting.books().plans()::find).orElse(null);
        return new MyPlan(
                payer,
                entitlement.plan().map(Object::toString).orElse("none"),
                plan == null ? "none" : plan.name(),
                plan == null ? null : price(plan),
                entitlement.standing().name(),
                entitlement.period().start().toString(),
                entitlement.period().end().toString(),
                List.copyOf(entitlement.features()));
    }

    static @Nullable String price(Plan plan) {
        return plan.price().map(Object::toString).orElse(null);
    }
}
