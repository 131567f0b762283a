package dev.mortise.billing.payment;

import dev.mortise.billing.books.Books;
import dev.mortise.billing.books.NotThere;
import dev.mortise.billing.books.Subscriptions;
import dev.mortise.billing.money.WrongCurrency;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.InvalidPlan;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.UnknownPlan;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.billing.subscription.Phase;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Enters what providers say in the books, in the transaction in which it was heard: what is paid for begins, changes, falls
 * into arrears and ends there, and so in what calls may do and in the next invoice. Thread-safe.
 *
 * <pre>{@code
 * SnapshotEntitlements entitlements = books.entitlements(freePlan, Duration.ofMinutes(10));
 * Payments payments = Payments.builder(database)
 *         .provider(stripe).prices(prices)
 *         .changes(new PaidSubscriptions(database, books, entitlements::forget))
 *         .migrate();
 * }</pre>
 *
 * <p>A {@link PlanPrice#plan} is a plan in a version ({@code starter@2}), or without one the version that the tenant has, and
 * for who has none the newest that is published. The provider decides about trials and, when something begins, about periods;
 * the plan about everything else. Of two graces the one that ends first counts. A subscription in the books that runs when a
 * provider's begins is taken over; one that somebody began later by hand is left alone.
 */
public final class PaidSubscriptions implements SubscriptionChanges {
    private final Books books;
    private final Consumer<String> forget;
    private final String table;

    /**
     * Joins payments to books.
     *
     * @param database that payments were given, in which the books are, too
     * @param forget is told of tenants of whom something changed, after the transaction:
     *     {@link dev.mortise.billing.books.SnapshotEntitlements#forget}
     */
    public PaidSubscriptions(Database database, Books books, Consumer<String> forget) {
        this.books = books;
        this.forget = forget;
        this.table = database.table("pay_standing");
    }

    @Override
    public void committed(String tenant) {
        forget.accept(tenant);
    }

    /** @throws ImpossibleChange if the books cannot have it, such as for a tenant or a plan that is not in them */
    @Override
    public void apply(Connection connection, SubscriptionChange change) throws SQLException {
        Books joined = books.within(connection);
        try {
            Optional<Subscription> booked = booked(connection, joined.subscriptions(), change);
            switch (change.standing()) {
                case TRIAL, GOOD -> arrears(joined, paid(connection, joined, booked, change), Optional.empty());
                case GRACE ->
                    arrears(
                            joined,
                            paid(connection, joined, booked, change),
                            Optional.of(Objects.requireNonNullElse(change.arrearsSince(), change.at())));
                case SUSPENDED, NONE ->
                    booked.ifPresent(one -> arrears(joined, one, Optional.of(overSince(joined, one, change))));
                case ENDED -> booked.ifPresent(one -> end(joined, one, change));
            }
        } catch (InvalidChange | NotThere | UnknownPlan | InvalidPlan | WrongCurrency e) {
            throw new ImpossibleChange(Objects.requireNonNullElse(e.getMessage(), "The books refuse it"), e);
        }
    }

    /** The one that was begun or taken over here, unless it has ended. */
    private Optional<Subscription> booked(Connection connection, Subscriptions subscriptions, SubscriptionChange change)
            throws SQLException {
        Optional<String> id = Sql.first(
                connection,
                "SELECT coalesce(booked, '') FROM " + table + " WHERE tenant = ?",
                row -> row.getString(1),
                change.tenant());
        return id.filter(known -> !known.isEmpty())
                .flatMap(subscriptions::find)
                .filter(one -> isOpen(one, change.at()));
    }

    private static boolean isOpen(Subscription subscription, Instant at) {
        return subscription.endsAt().filter(end -> !end.isAfter(at)).isEmpty();
    }

    /** Has the tenant on the plan that is paid for. */
    private Subscription paid(
            Connection connection, Books joined, Optional<Subscription> booked, SubscriptionChange change)
            throws SQLException {
        Optional<Subscription> running = booked.or(() -> joined.subscriptions().ofTenant(change.tenant()).stream()
                .filter(one -> isOpen(one, change.at()))
                .findFirst());
        PlanRef ref = version(joined, running, Objects.requireNonNullElse(change.plan(), ""), change.at());
        Plan plan = joined.plans().get(ref);
        Subscription paid;
        if (running.isEmpty()) {
            paid = begin(joined, plan, change);
        } else if (running.get().cycle().months() != plan.months()
                || !running.get().currency().equals(plan.currency())) {
            end(joined, running.get(), change);
            paid = begin(joined, plan, change);
        } else {
            paid = change(joined, running.get(), plan, change);
        }
        if (booked.filter(one -> one.id().equals(paid.id())).isEmpty()) {
            Sql.update(connection, "UPDATE " + table + " SET booked = ? WHERE tenant = ?", paid.id(), change.tenant());
        }
        return paid;
    }

    private static PlanRef version(Books joined, Optional<Subscription> running, String plan, Instant at) {
        if (plan.indexOf('@') >= 0) {
            return PlanRef.parse(plan);
        }
        return running.map(one -> phase(one, at).plan())
                .filter(current -> current.id().equals(plan))
                .or(() -> joined.plans().newest(plan))
                .orElseThrow(() -> new NotThere("published plan " + plan));
    }

    /** The one at an instant, or of one that is still to begin the first. */
    private static Phase phase(Subscription subscription, Instant at) {
        return subscription.phaseAt(at).orElse(subscription.phases().getFirst());
    }

    private static Subscription begin(Books joined, Plan plan, SubscriptionChange change) {
        Instant paidFrom = Objects.requireNonNullElse(change.periodStart(), change.at());
        Instant start = joined.subscriptions().ofTenant(change.tenant()).stream()
                .flatMap(before -> before.endsAt().stream())
                .reduce(
                        Period.second(paidFrom.isAfter(change.at()) ? change.at() : paidFrom),
                        PaidSubscriptions::later);
        Subscription begun = joined.subscriptions()
                .begin(
                        change.tenant(),
                        plan.ref(),
                        Optional.empty(),
                        Optional.of(BillingCycle.from(anchor(change, start), ZoneOffset.UTC, plan.months())),
                        start);
        return trial(joined, begun, change, start);
    }

    /**
     * What the provider's periods are counted from: the end of a trial; else that end of the period which lies later in its
     * month, for one that goes from 28 February to 31 March is counted from a 31st.
     */
    private static Instant anchor(SubscriptionChange change, Instant start) {
        if (change.trialEnd() != null && change.trialEnd().isAfter(change.at())) {
            return change.trialEnd();
        }
        if (change.periodStart() == null || change.periodEnd() == null) {
            return change.periodStart() == null ? start : change.periodStart();
        }
        return dayOfMonth(change.periodEnd()) > dayOfMonth(change.periodStart())
                ? change.periodEnd()
                : change.periodStart();
    }

    private static int dayOfMonth(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC).getDayOfMonth();
    }

    private static Subscription change(Books joined, Subscription running, Plan plan, SubscriptionChange change) {
        Instant at = possible(joined, running, change.at());
        Subscription changed = running;
        if (running.endsAt().isPresent()) {
            changed = joined.subscriptions().resume(running.id());
        }
        if (!phase(running, at).plan().equals(plan.ref())) {
            changed = joined.subscriptions().change(running.id(), plan.ref(), Optional.empty(), at);
        }
        return trial(joined, changed, change, at);
    }

    /** Nothing is changed in the time that is invoiced, or before the beginning. */
    private static Instant possible(Books joined, Subscription subscription, Instant at) {
        return later(later(at, joined.subscriptions().invoicedUntil(subscription.id())), subscription.start());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Trials are the provider's, for it is the one who charges or does not. One that is over is left as it was. */
    private static Subscription trial(Books joined, Subscription subscription, SubscriptionChange change, Instant at) {
        Instant end = Period.second(later(change.trialEnd() == null ? at : change.trialEnd(), at));
        boolean asPaid =
                end.isAfter(at) ? subscription.trialEnd().filter(end::equals).isPresent() : !subscription.isTrial(at);
        return asPaid ? subscription : joined.subscriptions().trialUntil(subscription.id(), later(end, at), at);
    }

    private static void arrears(Books joined, Subscription subscription, Optional<Instant> since) {
        Subscriptions subscriptions = joined.subscriptions();
        if (subscription.pastDueSince().equals(since.map(Period::second))) {
            return;
        }
        // Books keep the first of several; what is right may be earlier or later.
        if (subscription.pastDueSince().isPresent()) {
            subscriptions.paid(subscription.id());
        }
        since.ifPresent(instant -> subscriptions.pastDue(subscription.id(), instant));
    }

    /** Such that the plan's grace is over. */
    private static Instant overSince(Books joined, Subscription subscription, SubscriptionChange change) {
        Plan plan = joined.plans().get(phase(subscription, change.at()).plan());
        Instant over = change.at().minus(Duration.ofDays(plan.graceDays()));
        Instant arrears = Objects.requireNonNullElse(change.arrearsSince(), change.at());
        Instant before = subscription.pastDueSince().orElse(over);
        Instant earliest = arrears.isBefore(over) ? arrears : over;
        return before.isBefore(earliest) ? before : earliest;
    }

    /** When what was paid for ended, though the message came later; but not before anything that took effect. */
    private static void end(Books joined, Subscription subscription, SubscriptionChange change) {
        Instant end = change.standing() == PaymentStanding.ENDED
                        && change.periodEnd() != null
                        && change.periodEnd().isBefore(change.at())
                ? change.periodEnd()
                : change.at();
        Instant last = subscription.phases().stream()
                .map(Phase::from)
                .filter(from -> !from.isAfter(change.at()))
                .reduce(subscription.start(), PaidSubscriptions::later);
        joined.subscriptions().cancelAt(subscription.id(), possible(joined, subscription, later(end, last)));
    }
}
