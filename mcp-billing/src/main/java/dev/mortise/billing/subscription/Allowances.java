package dev.mortise.billing.subscription;

import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Allowance;
import dev.mortise.billing.plan.Entitlement;
import dev.mortise.billing.plan.Measure;
import dev.mortise.billing.plan.MeterTerms;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.plan.Standing;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a subscription entitles to at an instant. Allowances follow the money: both are in the proportion of time. */
public final class Allowances {
    private Allowances() {}

    /**
     * What a tenant may do with a subscription that is live.
     *
     * @param fallback the plan of those who do not pay, for when the grace has ended; empty for nothing
     */
    public static Entitlement of(
            Subscription subscription, Plans plans, Optional<Plan> fallback, Instant at, Instant asOf) {
        Phase phase = subscription.phaseAt(at).orElseThrow(() -> new InvalidChange("It is not running at " + at));
        Plan plan = plans.get(phase.plan());
        Period period = subscription.cycle().periodAt(at);
        Optional<Instant> graceEnd =
                subscription.pastDueSince().map(since -> since.plus(Duration.ofDays(plan.graceDays())));
        Standing standing = standing(subscription, at, graceEnd);
        Instant until = next(at, period, subscription, graceEnd);
        if (standing == Standing.SUSPENDED) {
            return whole(subscription.tenant(), standing, fallback, period, until, asOf);
        }
        Map<String, Allowance> allowances = new TreeMap<>();
        List<Segment> segments = subscription.segments(period);
        plan.meters()
                .forEach((meter, terms) -> allowances.put(meter, allowance(meter, terms, segments, plans, period, at)));
        return new Entitlement(
                subscription.tenant(),
                standing,
                Optional.of(plan.ref()),
                period,
                allowances,
                plan.features(),
                until,
                asOf);
    }

    /** What a plan gives by itself, for a whole period. */
    public static Entitlement whole(
            String tenant, Standing standing, Optional<Plan> plan, Period period, Instant until, Instant asOf) {
        Map<String, Allowance> allowances = new TreeMap<>();
        plan.ifPresent(there -> there.meters()
                .forEach((meter, terms) ->
                        allowances.put(meter, allowance(meter, terms, period, terms.included(), terms.hardLimit()))));
        Optional<PlanRef> ref = plan.map(Plan::ref);
        Set<String> features = plan.map(Plan::features).orElse(Set.of());
        return new Entitlement(tenant, standing, ref, period, allowances, features, until, asOf);
    }

    private static Standing standing(Subscription subscription, Instant at, Optional<Instant> graceEnd) {
        if (subscription.pastDueSince().filter(since -> !since.isAfter(at)).isPresent()) {
            return graceEnd.filter(at::isBefore).isPresent() ? Standing.PAST_DUE : Standing.SUSPENDED;
        }
        return subscription.isTrial(at) ? Standing.TRIAL : Standing.ACTIVE;
    }

    private static Instant next(Instant at, Period period, Subscription subscription, Optional<Instant> graceEnd) {
        return Stream.of(
                        subscription.phases().stream().map(Phase::from),
                        subscription.trialEnd().stream(),
                        subscription.endsAt().stream(),
                        subscription.pastDueSince().stream(),
                        graceEnd.stream())
                .flatMap(times -> times)
                .filter(at::isBefore)
                .filter(period::contains)
                .min(Instant::compareTo)
                .orElse(period.end());
    }

    private static Allowance allowance(
            String meter, MeterTerms terms, Period window, OptionalLong included, OptionalLong hardLimit) {
        return new Allowance(meter, terms.measure(), window, included, hardLimit, terms.thresholds());
    }

    private static Allowance allowance(
            String meter, MeterTerms terms, List<Segment> segments, Plans plans, Period period, Instant at) {
        if (terms.measure() != Measure.SUM || terms.included().isEmpty()) {
            return allowance(meter, terms, period, terms.included(), terms.hardLimit());
        }
        Period window = window(meter, terms, segments, plans, period, at);
        return allowance(
                meter,
                terms,
                window,
                OptionalLong.of(share(meter, segments, plans, period, window, MeterTerms::included)),
                terms.hardLimit().isEmpty()
                        ? terms.hardLimit()
                        : OptionalLong.of(share(meter, segments, plans, period, window, MeterTerms::hardLimit)));
    }

    /** What was used while there was no limit does not count towards one that came later. */
    private static Period window(
            String meter, MeterTerms terms, List<Segment> segments, Plans plans, Period period, Instant at) {
        Instant from = period.start();
        for (Segment segment : segments) {
            if (!segment.time().end().isAfter(at)
                    && isOpen(plans.get(segment.phase().plan()), meter, terms)) {
                from = segment.time().end();
            }
        }
        return new Period(from, period.end());
    }

    private static boolean isOpen(Plan plan, String meter, MeterTerms now) {
        MeterTerms then = plan.meters().get(meter);
        return then != null
                && (then.included().isEmpty()
                        || (now.hardLimit().isPresent() && then.hardLimit().isEmpty()));
    }

    /** The sum of what each plan gives for its share of the period, each rounded down. */
    private static long share(
            String meter,
            List<Segment> segments,
            Plans plans,
            Period period,
            Period window,
            Function<MeterTerms, OptionalLong> which) {
        Map<PlanRef, Long> seconds = new TreeMap<>(java.util.Comparator.comparing(PlanRef::toString));
        for (Segment segment : segments) {
            segment.time()
                    .intersection(window)
                    .ifPresent(time -> seconds.merge(segment.phase().plan(), time.seconds(), Long::sum));
        }
        BigInteger sum = BigInteger.ZERO;
        for (Map.Entry<PlanRef, Long> entry : seconds.entrySet()) {
            MeterTerms terms = plans.get(entry.getKey()).meters().get(meter);
            if (terms != null) {
                // What has no such limit comes before the window, or is still to come and then counts anew.
                BigInteger whole = BigInteger.valueOf(which.apply(terms).orElse(0));
                sum = sum.add(whole.multiply(BigInteger.valueOf(entry.getValue()))
                        .divide(BigInteger.valueOf(period.seconds())));
            }
        }
        return sum.min(BigInteger.valueOf(Long.MAX_VALUE)).longValueExact();
    }
}
