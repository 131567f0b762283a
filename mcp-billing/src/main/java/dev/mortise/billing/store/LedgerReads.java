package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.UsageReader;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Adds entries up. What belongs together is bounded by one position, so that it is one picture. Thread-safe. */
final class LedgerReads implements UsageReader {
    private static final String CHANGE = "CASE WHEN debit = '" + Account.USED.key() + "' THEN amount ELSE -amount END";

    private final Database database;
    private final Tables tables;
    private final String where;

    LedgerReads(Database database, Tables tables) {
        this.database = database;
        this.tables = tables;
        this.where = " FROM " + tables.entry + " WHERE tenant = ? AND meter = ? AND position > ? AND position <= ?";
    }

    @Override
    public long position(String tenant, String meter) {
        return database.read("Finding a position", connection -> position(connection, tenant, meter));
    }

    private long position(Connection connection, String tenant, String meter) throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT position FROM " + tables.account + " WHERE tenant = ? AND meter = ? AND account = ?",
                        row -> row.getLong(1),
                        tenant,
                        meter,
                        Account.USED.key())
                .orElse(0L);
    }

    @Override
    public long balance(String tenant, String meter) {
        return database.read(
                "Reading a balance",
                connection -> Sql.first(
                                connection,
                                "SELECT debits - credits FROM " + tables.account
                                        + " WHERE tenant = ? AND meter = ? AND account = ?",
                                row -> row.getLong(1),
                                tenant,
                                meter,
                                Account.USED.key())
                        .orElse(0L));
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        return database.read("Adding up usage", connection -> {
            long position = position(connection, query.tenant(), query.meter());
            return Sql.first(
                            connection,
                            "SELECT COALESCE(SUM(" + CHANGE + "), 0), COUNT(*)" + where + " AND at >= ? AND at < ?",
                            row -> new CounterUsage(row.getLong(1), row.getLong(2), position),
                            query.tenant(),
                            query.meter(),
                            query.after(),
                            Math.min(query.through(), position),
                            query.from().toEpochMilli(),
                            query.to().toEpochMilli())
                    .orElseThrow();
        });
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        return database.read("Following a level", connection -> {
            long position = position(connection, query.tenant(), query.meter());
            long through = Math.min(query.through(), position);
            long from = query.from().toEpochMilli();
            long to = query.to().toEpochMilli();
            long opening = Sql.number(
                    connection,
                    "SELECT COALESCE(SUM(" + CHANGE + "), 0)" + where + " AND at < ?",
                    query.tenant(),
                    query.meter(),
                    query.after(),
                    through,
                    from);
            long level = opening;
            long peak = opening;
            long since = from;
            BigInteger unitMillis = BigInteger.ZERO;
            try (PreparedStatement statement = connection.prepareStatement(
                    "SELECT at, " + CHANGE + where + " AND at >= ? AND at < ? ORDER BY at, position")) {
                statement.setString(1, query.tenant());
                statement.setString(2, query.meter());
                statement.setLong(3, query.after());
                statement.setLong(4, through);
                statement.setLong(5, from);
                statement.setLong(6, to);
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        long at = rows.getLong(1);
                        unitMillis = unitMillis.add(area(level, at - since));
                        since = at;
                        level += rows.getLong(2);
                        peak = Math.max(peak, level);
                    }
                }
            }
            unitMillis = unitMillis.add(area(level, to - since));
            return new GaugeUsage(opening, level, peak, unitMillis, Duration.ofMillis(to - from), position);
        });
    }

    private static BigInteger area(long level, long millis) {
        return BigInteger.valueOf(level).multiply(BigInteger.valueOf(millis));
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException("1 to 10,000 entries at once, not " + limit);
        }
        return database.read(
                "Listing entries",
                connection -> Sql.list(
                        connection,
                        "SELECT *" + where + " AND at >= ? AND at < ? ORDER BY position LIMIT ?",
                        Tables::entry,
                        query.tenant(),
                        query.meter(),
                        query.after(),
                        query.through(),
                        query.from().toEpochMilli(),
                        query.to().toEpochMilli(),
                        limit));
    }

    @Override
    public List<String> metersOf(String tenant) {
        return database.read(
                "Listing meters",
                connection -> Sql.list(
                        connection,
                        "SELECT meter FROM " + tables.account
                                + " WHERE tenant = ? AND account = ? AND position > 0 ORDER BY meter",
                        row -> row.getString(1),
                        tenant,
                        Account.USED.key()));
    }
}
