package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How far the usage of a tenant and meter was written down for a provider.
 *
 * @param subscription on whose invoices it is
 * @param since what was used before is on no invoice of it
 * @param position of the ledger, up to which everything was looked at
 * @param owed what was taken back after it had been reported
 * @param owedSince {@code null} if nothing is
 */
record UsageCursor(
        String provider,
        String tenant,
        String meter,
        String subscription,
        Instant since,
        long position,
        long owed,
        @Nullable Instant owedSince) {

    UsageCursor at(long newPosition, long newOwed, Instant now) {
        Instant newSince = newOwed == 0 ? null : owedSince == null ? now : owedSince;
        return new UsageCursor(provider, tenant, meter, subscription, since, newPosition, newOwed, newSince);
    }

    UsageCursor of(String newSubscription, Instant newSince) {
        return new UsageCursor(provider, tenant, meter, newSubscription, newSince, position, owed, owedSince);
    }

    /** Cursors in the table {@code pay_usage_cursor}. */
    static final class Table {
        private final String table;

        Table(Database database) {
            this.table = database.table("pay_usage_cursor");
        }

        Optional<UsageCursor> find(Connection connection, String provider, String tenant, String meter)
                throws SQLException {
            return Sql.first(
                    connection,
                    "SELECT * FROM " + table + " WHERE provider = ? AND tenant = ? AND meter = ?",
                    row -> new UsageCursor(
                            provider,
                            tenant,
                            meter,
                            row.getString("subscription"),
                            Rows.time(row, "since"),
                            row.getLong("position"),
                            row.getLong("owed"),
                            Rows.instant(row, "owed_since")),
                    provider,
                    tenant,
                    meter);
        }

        void add(Connection connection, UsageCursor cursor) throws SQLException {
            Sql.update(
                    connection,
                    "INSERT INTO " + table + " (provider, tenant, meter, subscription, since, position, owed)"
                            + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (provider, tenant, meter) DO NOTHING",
                    cursor.provider(),
                    cursor.tenant(),
                    cursor.meter(),
                    cursor.subscription(),
                    cursor.since().toEpochMilli(),
                    cursor.position(),
                    cursor.owed());
        }

        /** @return false if another replica has moved it meanwhile; until the transaction ends, none can */
        boolean move(Connection connection, UsageCursor from, UsageCursor to) throws SQLException {
            return Sql.update(
                            connection,
                            "UPDATE " + table + " SET subscription = ?, since = ?, position = ?, owed = ?,"
                                    + " owed_since = ? WHERE provider = ? AND tenant = ? AND meter = ?"
                                    + " AND subscription = ? AND position = ? AND owed = ?",
                            to.subscription(),
                            to.since().toEpochMilli(),
                            to.position(),
                            to.owed(),
                            Rows.millis(to.owedSince()),
                            from.provider(),
                            from.tenant(),
                            from.meter(),
                            from.subscription(),
                            from.position(),
                            from.owed())
                    == 1;
        }
    }
}
