package dev.mortise.billing.subscription;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.money.WrongCurrency;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The history of one subscription: which version of which plan held at which instant, and what is to come. Immutable:
 * every change is another value with the next revision. What has been is never changed; what is still to come may be.
 *
 * @param phases ascending, at least one; the first begins the subscription
 * @param trialEnd until when nothing is charged
 * @param endsAt when it ends or has ended, exclusive
 * @param pastDueSince when a payment failed that has not been made since
 * @param revision from 1
 */
public record Subscription(
        String id,
        String tenant,
        BillingCycle cycle,
        Currency currency,
        List<Phase> phases,
        Optional<Instant> trialEnd,
        Optional<Instant> endsAt,
        Optional<Instant> pastDueSince,
        long revision) {
    public Subscription {
        phases = List.copyOf(phases);
        if (phases.isEmpty()) {
            throw new IllegalArgumentException("A subscription has at least one phase");
        }
    }

    /**
     * A new one, with the trial that the plan gives.
     *
     * @param start from which second on
     * @param agreed the price, for a plan that has none of its own
     * @throws WrongCurrency if the agreed price is not in the currency of the plan
     * @throws InvalidChange if there is no price, or two
     */
    public static Subscription begin(
            String id, String tenant, BillingCycle cycle, Plan plan, Optional<Money> agreed, Instant start) {
        Instant from = Period.second(start);
        if (cycle.months() != plan.months()) {
            throw new InvalidChange("The periods of " + plan.ref() + " have " + plan.months() + " months");
        }
        return new Subscription(
                id,
                tenant,
                cycle,
                plan.currency(),
                List.of(new Phase(from, plan.ref(), price(plan, agreed))),
                plan.trialDays() == 0
                        ? Optional.empty()
                        : Optional.of(from.atZone(cycle.zone())
                                .plusDays(plan.trialDays())
                                .toInstant()),
                Optional.empty(),
                Optional.empty(),
                1);
    }

    private static Money price(Plan plan, Optional<Money> agreed) {
        if (plan.price().isPresent() == agreed.isPresent()) {
            throw new InvalidChange(plan.ref()
                    + (agreed.isPresent() ? " has a price of its own" : " has no price: one has to be agreed upon"));
        }
        Money price = plan.price().or(() -> agreed).orElseThrow();
        if (!price.currency().equals(plan.currency())) {
            throw new WrongCurrency(plan.ref() + " is in " + plan.currency() + ", not in " + price.currency());
        }
        if (price.isNegative()) {
            throw new InvalidChange("A price is not negative: " + price);
        }
        return price;
    }

    public Instant start() {
        return phases.getFirst().from();
    }

    /** Whether it has begun and not ended. */
    public boolean isLive(Instant at) {
        return !at.isBefore(start()) && endsAt.filter(end -> !at.isBefore(end)).isEmpty();
    }

    /** The phase that holds at an instant, unless the subscription has not begun, or has ended. */
    public Optional<Phase> phaseAt(Instant at) {
        return isLive(at)
                ? phases.stream().filter(phase -> !phase.from().isAfter(at)).reduce((before, after) -> after)
                : Optional.empty();
    }

    public boolean isTrial(Instant at) {
        return isLive(at) && trialEnd.filter(at::isBefore).isPresent();
    }

    /** The parts of a billing period in which the subscription is live, ascending. What is scheduled counts. */
    public List<Segment> segments(Period period) {
        TreeSet<Instant> cuts = new TreeSet<>(List.of(period.start(), period.end()));
        phases.forEach(phase -> cuts.add(phase.from()));
        trialEnd.ifPresent(cuts::add);
        endsAt.ifPresent(cuts::add);
        List<Segment> segments = new ArrayList<>();
        Instant from = period.start();
        for (Instant to : cuts.subSet(period.start(), false, period.end(), true)) {
            Period time = new Period(from, to);
            boolean trial = isTrial(from);
            phaseAt(from).ifPresent(phase -> segments.add(new Segment(time, phase, trial)));
            from = to;
        }
        return List.copyOf(segments);
    }

    /**
     * Another plan from an instant on. What is to begin later than that is dropped.
     *
     * @throws InvalidChange if it has ended by then
     * @throws WrongCurrency if the plan is in another currency: end this subscription, and begin another
     */
    public Subscription change(Plan plan, Optional<Money> agreed, Instant at) {
        return replan(plan, agreed, at, Period.second(at));
    }

    /** Another plan with the next period. */
    public Subscription changeAtPeriodEnd(Plan plan, Optional<Money> agreed, Instant now) {
        return replan(plan, agreed, now, cycle.periodAt(now).end());
    }

    private Subscription replan(Plan plan, Optional<Money> agreed, Instant now, Instant from) {
        if (!plan.currency().equals(currency)) {
            throw new WrongCurrency("This subscription is in " + currency + ", and " + plan.ref() + " in "
                    + plan.currency() + ": end the one and begin another");
        }
        if (plan.months() != cycle.months()) {
            throw new InvalidChange("The periods of " + plan.ref() + " have " + plan.months()
                    + " months: end this subscription and begin another");
        }
        requireLive(now);
        List<Phase> kept = begun(now);
        if (from.isBefore(kept.getLast().from())) {
            throw new InvalidChange("Another change has taken effect after " + from);
        }
        if (kept.getLast().from().equals(from)) {
            kept.removeLast();
        }
        kept.add(new Phase(from, plan.ref(), price(plan, agreed)));
        return with(kept, trialEnd, endsAt, pastDueSince);
    }

    private List<Phase> begun(Instant now) {
        Instant second = Period.second(now);
        return new ArrayList<>(
                phases.stream().filter(phase -> !phase.from().isAfter(second)).toList());
    }

    private void requireLive(Instant at) {
        if (!isLive(at)) {
            throw new InvalidChange("The subscription " + id + " is not running at " + at);
        }
    }

    /** Ends it at an instant; what was paid for the time after that is credited with the next invoice. */
    public Subscription cancelNow(Instant at) {
        requireLive(at);
        Instant end = Period.second(at);
        if (!end.isAfter(phases.getFirst().from())) {
            end = phases.getFirst().from().plusSeconds(1);
        }
        return with(begun(at), trialEnd, Optional.of(end), pastDueSince);
    }

    /** Ends it with the period; until then everything goes on. */
    public Subscription cancelAtPeriodEnd(Instant now) {
        requireLive(now);
        return with(begun(now), trialEnd, Optional.of(cycle.periodAt(now).end()), pastDueSince);
    }

    /** Takes back the end, which must not have come yet. */
    public Subscription resume(Instant now) {
        requireLive(now);
        return with(phases, trialEnd, Optional.empty(), pastDueSince);
    }

    /** Ends the trial earlier or later. */
    public Subscription trialUntil(Instant end, Instant now) {
        requireLive(now);
        if (end.isBefore(now)) {
            throw new InvalidChange("A trial does not end before now");
        }
        return with(phases, Optional.of(Period.second(end)), endsAt, pastDueSince);
    }

    /** A payment has failed; that it fails again changes nothing. */
    public Subscription pastDue(Instant at) {
        return pastDueSince.isPresent() ? this : with(phases, trialEnd, endsAt, Optional.of(Period.second(at)));
    }

    /** Everything is paid. */
    public Subscription paid() {
        return pastDueSince.isEmpty() ? this : with(phases, trialEnd, endsAt, Optional.empty());
    }

    private Subscription with(
            List<Phase> newPhases,
            Optional<Instant> newTrialEnd,
            Optional<Instant> newEnd,
            Optional<Instant> newPastDue) {
        return new Subscription(id, tenant, cycle, currency, newPhases, newTrialEnd, newEnd, newPastDue, revision + 1);
    }
}
