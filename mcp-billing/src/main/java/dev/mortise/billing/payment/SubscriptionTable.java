package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Subscriptions in the table {@code pay_subscription}. */
final class SubscriptionTable {
    private final String table;

    SubscriptionTable(Database database) {
        this.table = database.table("pay_subscription");
    }

    Optional<StoredSubscription> find(Connection connection, String provider, String id) throws SQLException {
        return Sql.first(
                connection,
                "SELECT * FROM " + table + " WHERE provider = ? AND id = ?",
                StoredSubscription::read,
                provider,
                id);
    }

    List<StoredSubscription> ofTenant(Connection connection, String tenant) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM " + table + " WHERE tenant = ? ORDER BY provider, id",
                StoredSubscription::read,
                tenant);
    }

    /** Tenants with a subscription that is not over, or was not long ago. */
    List<String> tenants(Connection connection, String provider, Instant endedAfter, String after, int limit)
            throws SQLException {
        return Sql.list(
                connection,
                "SELECT DISTINCT tenant FROM " + table + " WHERE provider = ? AND tenant > ?"
                        + " AND (status <> 'ENDED' OR COALESCE(ended_at, confirmed_at) > ?) ORDER BY tenant LIMIT ?",
                row -> row.getString(1),
                provider,
                after,
                endedAfter.toEpochMilli(),
                limit);
    }

    /** Those that are not over, by id. */
    List<StoredSubscription> open(Connection connection, String provider, String after, int limit) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM " + table + " WHERE provider = ? AND status <> 'ENDED' AND id > ? ORDER BY id LIMIT ?",
                StoredSubscription::read,
                provider,
                after,
                limit);
    }

    /** @return whether the one before it was still the last */
    boolean put(Connection connection, StoredSubscription next) throws SQLException {
        return next.revision() == 1 ? insert(connection, next) : replace(connection, next);
    }

    private boolean insert(Connection connection, StoredSubscription next) throws SQLException {
        return Sql.update(
                        connection,
                        "INSERT INTO " + table + " (provider, id, tenant, operation, plan, price, status,"
                                + " period_start, period_end, trial_end, cancels_at_period_end, outstanding, currency,"
                                + " arrears_since, paid_through, ended_at, revision, confirmed_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?)"
                                + " ON CONFLICT (provider, id) DO NOTHING",
                        next.provider(),
                        next.id(),
                        next.tenant(),
                        next.operation(),
                        next.plan(),
                        next.price(),
                        next.status().name(),
                        Rows.millis(next.periodStart()),
                        Rows.millis(next.periodEnd()),
                        Rows.millis(next.trialEnd()),
                        next.cancelsAtPeriodEnd() ? 1 : 0,
                        next.outstanding(),
                        next.currency(),
                        Rows.millis(next.arrearsSince()),
                        Rows.millis(next.paidThrough()),
                        Rows.millis(next.endedAt()),
                        Rows.millis(next.confirmedAt()))
                == 1;
    }

    private boolean replace(Connection connection, StoredSubscription next) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE " + table + " SET plan = ?, price = ?, status = ?, period_start = ?, period_end = ?,"
                                + " trial_end = ?, cancels_at_period_end = ?, outstanding = ?, currency = ?,"
                                + " arrears_since = ?, paid_through = ?, ended_at = ?, revision = ?, confirmed_at = ?"
                                + " WHERE provider = ? AND id = ? AND revision = ?",
                        next.plan(),
                        next.price(),
                        next.status().name(),
                        Rows.millis(next.periodStart()),
                        Rows.millis(next.periodEnd()),
                        Rows.millis(next.trialEnd()),
                        next.cancelsAtPeriodEnd() ? 1 : 0,
                        next.outstanding(),
                        next.currency(),
                        Rows.millis(next.arrearsSince()),
                        Rows.millis(next.paidThrough()),
                        Rows.millis(next.endedAt()),
                        next.revision(),
                        Rows.millis(next.confirmedAt()),
                        next.provider(),
                        next.id(),
                        next.revision() - 1)
                == 1;
    }
}
