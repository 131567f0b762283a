package dev.mortise.billing.books;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.period.BillingCycle;
import dev.mortise.billing.period.Period;
import dev.mortise.billing.plan.Plan;
import dev.mortise.billing.plan.PlanRef;
import dev.mortise.billing.plan.Plans;
import dev.mortise.billing.subscription.InvalidChange;
import dev.mortise.billing.subscription.Subscription;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Begins, changes and ends subscriptions, of which a tenant has one at a time. Every revision is kept. Thread-safe.
 *
 * <p>Methods throw {@link InvalidChange} where a change does not go with how the subscription stands, {@link NotThere},
 * and {@link dev.mortise.billing.plan.UnknownPlan}.
 */
public final class Subscriptions {
    /** By how much clocks may differ. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final Duration AHEAD = Duration.ofDays(1);

    private final Database database;
    private final Writer writer;
    private final Tenants tenants;
    private final Plans plans;
    private final Clock clock;
    private final String table;
    private final String revisions;

    Subscriptions(Database database, Writer writer, Tenants tenants, Plans plans, Clock clock) {
        this.database = database;
        this.writer = writer;
        this.tenants = tenants;
        this.plans = plans;
        this.clock = clock;
        this.table = database.table("book_subscription");
        this.revisions = database.table("book_subscription_revision");
    }

    /** Begins now, with periods that begin when it does. */
    public Subscription begin(String tenant, PlanRef plan) {
        return begin(tenant, plan, Optional.empty(), Optional.empty(), clock.instant());
    }

    /**
     * Begins at an instant.
     *
     * @param agreed the price, for a plan that has none of its own
     * @param cycle of the periods, such as calendar months: the first is then a part of one; empty for one that begins
     *     with the subscription, in the tenant's zone
     */
    public Subscription begin(
            String tenant, PlanRef plan, Optional<Money> agreed, Optional<BillingCycle> cycle, Instant start) {
        Times.require("A beginning", start);
        Plan terms = plans.get(plan);
        String id = "sub_" + UUID.randomUUID().toString().replace("-", "");
        return writer.write("Beginning a subscription", tenant, Subscription.class, connection -> {
            Tenant registered = tenants.lock(connection, tenant);
            Optional<Instant> busy = ofTenant(connection, tenant).stream()
                    .map(before -> before.endsAt().orElse(Instant.MAX))
                    .max(Instant::compareTo);
            if (busy.filter(end -> end.isAfter(Period.second(start))).isPresent()) {
                throw new InvalidChange(tenant + " has a subscription, and one at a time: change that, or end it");
            }
            BillingCycle periods = cycle.orElseGet(() -> BillingCycle.from(start, registered.zone(), terms.months()));
            Subscription begun = Subscription.begin(id, tenant, periods, terms, agreed, start);
            Sql.update(
                    connection,
                    "INSERT INTO " + table + " (id, tenant, revision, started_at, ended_at, document)"
                            + " VALUES (?, ?, 0, ?, NULL, '')",
                    id,
                    tenant,
                    begun.start().toEpochMilli());
            store(connection, begun);
            return begun;
        });
    }

    /** Another plan from now on; what the time costs is settled to the second with the next invoice. */
    public Subscription change(String id, PlanRef plan, Optional<Money> agreed) {
        Plan terms = plans.get(plan);
        return changeNow(id, (subscription, now) -> subscription.change(terms, agreed, now));
    }

    /**
     * Another plan from an instant on, which may have passed, but not be invoiced already. Of what was to hold later, and
     * what has held since, nothing is left.
     */
    public Subscription change(String id, PlanRef plan, Optional<Money> agreed, Instant at) {
        Plan terms = plans.get(plan);
        Times.require("A change", at);
        return change(id, at, subscription -> subscription.change(terms, agreed, at));
    }

    public Subscription changeAtPeriodEnd(String id, PlanRef plan, Optional<Money> agreed) {
        Plan terms = plans.get(plan);
        return changeNow(id, (subscription, now) -> subscription.changeAtPeriodEnd(terms, agreed, now));
    }

    public Subscription cancelNow(String id) {
        return changeNow(id, Subscription::cancelNow);
    }

    /** Ends it at an instant, which may have passed, but not be invoiced already. */
    public Subscription cancelAt(String id, Instant at) {
        Times.require("An end", at);
        return change(id, at, subscription -> subscription.cancelNow(at));
    }

    public Subscription cancelAtPeriodEnd(String id) {
        return changeNow(id, Subscription::cancelAtPeriodEnd);
    }

    /** Takes back an end that has not come yet. */
    public Subscription resume(String id) {
        return changeNow(id, Subscription::resume);
    }

    /** Ends the trial at another instant. */
    public Subscription trialUntil(String id, Instant end) {
        Times.require("The end of a trial", end);
        return changeNow(id, (subscription, now) -> subscription.trialUntil(end, now));
    }

    /**
     * The same, as of an instant, which may have passed, but not be invoiced already.
     *
     * @param end at that instant or later
     */
    public Subscription trialUntil(String id, Instant end, Instant at) {
        Times.require("The end of a trial", end);
        return change(id, at, subscription -> subscription.trialUntil(end, at));
    }

    /** The instant before which nothing can be changed any more, for it is invoiced. */
    public Instant invoicedUntil(String id) {
        return writer.read("Reading what is invoiced", connection -> invoicedUntil(connection, get(connection, id)));
    }

    /**
     * A payment failed at an instant: the grace begins, unless it has begun before.
     *
     * @throws InvalidChange if that is more than a day ahead: the grace would not end for as long
     */
    public Subscription pastDue(String id, Instant since) {
        Times.require("A failed payment", since);
        if (since.isAfter(clock.instant().plus(AHEAD))) {
            throw new InvalidChange("A payment has failed or has not, and not by " + since);
        }
        return change(id, null, subscription -> subscription.pastDue(since));
    }

    /** Everything is paid. */
    public Subscription paid(String id) {
        return change(id, null, Subscription::paid);
    }

    /** What takes effect now: never before what has taken effect. */
    private Subscription changeNow(String id, BiFunction<Subscription, Instant, Subscription> change) {
        return change(id, (connection, before) -> {
            Instant now = notBeforeTheLast(connection, before, clock.instant());
            requireOpen(connection, before, now);
            return change.apply(before, now);
        });
    }

    private Subscription change(String id, @Nullable Instant at, UnaryOperator<Subscription> change) {
        return change(id, (connection, before) -> {
            if (at != null) {
                requireOpen(connection, before, at);
            }
            return change.apply(before);
        });
    }

    private interface Change {
        Subscription apply(Connection connection, Subscription before) throws SQLException;
    }

    private Subscription change(String id, Change change) {
        return writer.write("Changing a subscription", id, Subscription.class, connection -> {
            tenants.lock(connection, get(connection, id).tenant());
            // Again: somebody else may have changed it before the lock was ours.
            Subscription before = get(connection, id);
            Subscription after = change.apply(connection, before);
            if (after.revision() != before.revision()) {
                store(connection, after);
            }
            return after;
        });
    }

    private void requireOpen(Connection connection, Subscription subscription, Instant at) throws SQLException {
        Instant invoiced = invoicedUntil(connection, subscription);
        if (at.isBefore(invoiced)) {
            throw new InvalidChange("The time before " + invoiced + " is invoiced already");
        }
    }

    /**
     * Clocks of replicas differ a little, and what one of them did a moment ago is not still to come for another. A clock
     * that is far behind was set back: by it, what has held would count as planned, and be dropped.
     */
    private Instant notBeforeTheLast(Connection connection, Subscription subscription, Instant now)
            throws SQLException {
        Instant last = Instant.ofEpochMilli(lastChange(connection, subscription.id()));
        if (now.plus(SKEW).isBefore(last)) {
            throw new InvalidChange("By this clock it is " + now + ", and the last change was made at " + last);
        }
        return now.isBefore(last) ? last : now;
    }

    private long lastChange(Connection connection, String id) throws SQLException {
        return Sql.number(
                connection, "SELECT coalesce(max(changed_at), 0) FROM " + revisions + " WHERE subscription = ?", id);
    }

    private Instant invoicedUntil(Connection connection, Subscription subscription) throws SQLException {
        long last = Sql.number(
                connection,
                "SELECT coalesce(max(sequence), 0) FROM " + database.table("book_invoice")
                        + " WHERE subscription = ? AND number IS NOT NULL",
                subscription.id());
        BillingCycle cycle = subscription.cycle();
        return cycle.boundary(cycle.numberAt(subscription.start()) + last);
    }

    private void store(Connection connection, Subscription subscription) throws SQLException {
        String document = Json.mapper().writeValueAsString(subscription);
        int changed = Sql.update(
                connection,
                "UPDATE " + table + " SET revision = ?, ended_at = ?, document = ? WHERE id = ? AND revision = ?",
                subscription.revision(),
                subscription.endsAt().map(Instant::toEpochMilli).orElse(null),
                document,
                subscription.id(),
                subscription.revision() - 1);
        if (changed != 1) {
            throw new Conflict("The subscription was changed by somebody else at the same time");
        }
        Sql.update(
                connection,
                "INSERT INTO " + revisions + " (subscription, revision, changed_at, document) VALUES (?, ?, ?, ?)",
                subscription.id(),
                subscription.revision(),
                Math.max(clock.millis(), lastChange(connection, subscription.id())),
                document);
    }

    /** @throws NotThere if there is none with this id */
    Subscription get(Connection connection, String id) throws SQLException {
        if (!Texts.isKeyable(id)) {
            throw new NotThere("such subscription");
        }
        return Sql.first(
                        connection,
                        "SELECT document FROM " + table + " WHERE id = ?",
                        row -> subscription(row.getString(1)),
                        id)
                .orElseThrow(() -> new NotThere("such subscription"));
    }

    public Optional<Subscription> find(String id) {
        try {
            return Optional.of(writer.read("Finding a subscription", connection -> get(connection, id)));
        } catch (NotThere e) {
            return Optional.empty();
        }
    }

    /** All subscriptions of a tenant, the oldest first. */
    public List<Subscription> ofTenant(String tenant) {
        return Texts.isKeyable(tenant)
                ? writer.read("Reading subscriptions", connection -> ofTenant(connection, tenant))
                : List.of();
    }

    private List<Subscription> ofTenant(Connection connection, String tenant) throws SQLException {
        return Sql.list(
                connection,
                "SELECT document FROM " + table + " WHERE tenant = ? ORDER BY started_at, id",
                row -> subscription(row.getString(1)),
                tenant);
    }

    /** How a subscription was after each change, the oldest first. */
    public List<Subscription> history(String id) {
        return Texts.isKeyable(id)
                ? writer.read(
                        "Reading the history of a subscription",
                        connection -> Sql.list(
                                connection,
                                "SELECT document FROM " + revisions + " WHERE subscription = ? ORDER BY revision",
                                row -> subscription(row.getString(1)),
                                id))
                : List.of();
    }

    /**
     * Subscriptions by id.
     *
     * @param endedAfter leaves out those that ended before then
     * @param after the last one of the page before
     */
    public List<Subscription> list(Instant endedAfter, @Nullable String after, int limit) {
        return writer.read(
                "Listing subscriptions",
                connection -> Sql.list(
                        connection,
                        "SELECT document FROM " + table
                                + " WHERE id > ? AND (ended_at IS NULL OR ended_at > ?) ORDER BY id LIMIT ?",
                        row -> subscription(row.getString(1)),
                        Objects.requireNonNullElse(after, ""),
                        endedAfter.toEpochMilli(),
                        limit));
    }

    private static Subscription subscription(String document) {
        return Json.mapper().readValue(document, Subscription.class);
    }
}
