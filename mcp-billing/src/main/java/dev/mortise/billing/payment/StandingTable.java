package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What each tenant's subscriptions come to, and who was told of it. */
final class StandingTable {
    private record Announced(
            @Nullable String plan,
            PaymentStanding standing,
            @Nullable String subscription,
            @Nullable Instant trialEnd) {}

    private static final Logger LOG = LoggerFactory.getLogger(Payments.class);
    private static final Duration AGAIN = Duration.ofHours(1);

    private final String table;
    private final SubscriptionTable subscriptions;
    private final FindingTable findings;
    private final SubscriptionChanges changes;
    private final Duration grace;

    StandingTable(
            Database database,
            SubscriptionTable subscriptions,
            FindingTable findings,
            SubscriptionChanges changes,
            Duration grace) {
        this.table = database.table("pay_standing");
        this.subscriptions = subscriptions;
        this.findings = findings;
        this.changes = changes;
        this.grace = grace;
    }

    /** Keeps others from changing this tenant until the transaction ends. Comes before what it protects is read. */
    void lock(Connection connection, String tenant) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO " + table + " (tenant, plan, standing, subscription, due_at, revision)"
                        + " VALUES (?, NULL, 'NONE', NULL, NULL, 0) ON CONFLICT (tenant) DO UPDATE"
                        + " SET revision = " + table + ".revision + 1",
                tenant);
    }

    /** Compares what the tenant's subscriptions come to with what was last said, and says what is new. */
    void announce(Connection connection, String tenant, Instant now) throws SQLException {
        List<StoredSubscription> all = subscriptions.ofTenant(connection, tenant);
        List<StoredSubscription> live =
                all.stream().filter(one -> one.status().isLive()).toList();
        if (live.size() > 1) {
            for (StoredSubscription one : live) {
                findings.record(
                        connection,
                        new Finding(
                                one.provider(),
                                Finding.Kind.DUPLICATE,
                                one.id(),
                                tenant,
                                live.size() + " subscriptions of one tenant cost money",
                                now));
            }
        }
        Optional<StoredSubscription> best = best(all, grace, now);
        PaymentStanding standing = best.map(one -> one.standing(grace, now)).orElse(PaymentStanding.NONE);
        String plan = standing.entitles() ? best.map(StoredSubscription::plan).orElse(null) : null;
        Instant trialEnd = best.map(StoredSubscription::trialEnd).orElse(null);
        String subscription = best.map(StoredSubscription::id).orElse(null);
        Instant due = best.map(one -> one.until(grace, now)).orElse(null);
        Announced before = announced(connection, tenant);
        Announced after = new Announced(plan, standing, subscription, trialEnd);
        if (!before.equals(after)) {
            Optional<ImpossibleChange> impossible = apply(
                    connection,
                    new SubscriptionChange(
                            tenant,
                            plan,
                            standing,
                            before.plan(),
                            before.standing(),
                            best.map(StoredSubscription::provider).orElse(null),
                            subscription,
                            best.map(StoredSubscription::periodStart).orElse(null),
                            best.map(StoredSubscription::periodEnd).orElse(null),
                            trialEnd,
                            best.map(StoredSubscription::arrearsSince).orElse(null),
                            now));
            String provider = best.map(StoredSubscription::provider).orElse("");
            String subject = Objects.requireNonNullElse(subscription, tenant);
            if (impossible.isPresent()) {
                String detail = Objects.requireNonNullElse(impossible.get().getMessage(), "It does not say why");
                findings.record(
                        connection, new Finding(provider, Finding.Kind.NOT_BOOKED, subject, tenant, detail, now));
                // What was said last stays as it was, so that this is still to be said.
                Instant again = now.plus(AGAIN);
                due(connection, tenant, due == null || again.isBefore(due) ? again : due);
                return;
            }
            findings.remove(connection, provider, Finding.Kind.NOT_BOOKED, subject);
        }
        Sql.update(
                connection,
                "UPDATE " + table + " SET plan = ?, standing = ?, subscription = ?, trial_end = ? WHERE tenant = ?",
                plan,
                standing.name(),
                subscription,
                Rows.millis(trialEnd),
                tenant);
        due(connection, tenant, due);
    }

    /** What is impossible leaves nothing of itself behind, and everything else as it was. */
    private Optional<ImpossibleChange> apply(Connection connection, SubscriptionChange change) throws SQLException {
        execute(connection, "SAVEPOINT pay_change");
        try {
            changes.apply(connection, change);
        } catch (ImpossibleChange e) {
            LOG.warn("What {} says of a subscription cannot take effect", change.provider(), e);
            execute(connection, "ROLLBACK TO SAVEPOINT pay_change");
            execute(connection, "RELEASE SAVEPOINT pay_change");
            return Optional.of(e);
        }
        execute(connection, "RELEASE SAVEPOINT pay_change");
        return Optional.empty();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void due(Connection connection, String tenant, @Nullable Instant due) throws SQLException {
        Sql.update(connection, "UPDATE " + table + " SET due_at = ? WHERE tenant = ?", Rows.millis(due), tenant);
    }

    /** Tenants for whom something is over by the passing of time. */
    List<String> due(Connection connection, Instant now, int limit) throws SQLException {
        return Sql.list(
                connection,
                "SELECT tenant FROM " + table + " WHERE due_at <= ? ORDER BY due_at LIMIT ?",
                row -> row.getString(1),
                now.toEpochMilli(),
                limit);
    }

    /** The one that counts: what entitles to most, then what lasts longest. */
    static Optional<StoredSubscription> best(List<StoredSubscription> all, Duration grace, Instant now) {
        return all.stream()
                .max(Comparator.comparing((StoredSubscription one) -> one.standing(grace, now))
                        .thenComparing(one -> Objects.requireNonNullElse(one.periodEnd(), Instant.MIN))
                        .thenComparing(StoredSubscription::id));
    }

    private Announced announced(Connection connection, String tenant) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT plan, standing, subscription, trial_end FROM " + table + " WHERE tenant = ?",
                        row -> new Announced(
                                row.getString(1),
                                PaymentStanding.valueOf(row.getString(2)),
                                row.getString(3),
                                Rows.instant(row, "trial_end")),
                        tenant)
                .orElseThrow(() -> new SQLException("A tenant is announced without its lock"));
    }
}
