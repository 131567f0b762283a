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
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Adds entries up. What belongs together is bounded by one position, so that it is one picture. Thread-safe. */
final class LedgerReads implements UsageReader {
    private static final String CHANGE = "CASE WHEN debit = '" + Account.USED.key() + "' THEN amount ELSE -amount END";

    private final Database database;
    private final Tables tables;
    private final Runs runs;
    private final String where;

    LedgerReads(Database database, Tables tables, Runs runs) {
        this.database = database;
        this.tables = tables;
        this.runs = runs;
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
            UsageQuery seen = query.through(Math.min(query.through(), position));
            Runs.Sum inRuns = runs.sum(connection, seen);
            return Sql.first(
                            connection,
                            "SELECT COALESCE(SUM(" + CHANGE + "), 0), COUNT(*)" + where + " AND at >= ? AND at < ?",
                            row -> new CounterUsage(
                                    row.getLong(1) + inRuns.units(), row.getLong(2) + inRuns.entries(), position),
                            seen.tenant(),
                            seen.meter(),
                            seen.after(),
                            seen.through(),
                            seen.from().toEpochMilli(),
                            seen.to().toEpochMilli())
                    .orElseThrow();
        });
    }

    /** A change of a level. */
    private record Step(long at, long position, long change) {}

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        return database.read("Following a level", connection -> {
            long position = position(connection, query.tenant(), query.meter());
            UsageQuery seen = query.through(Math.min(query.through(), position));
            long from = query.from().toEpochMilli();
            long to = query.to().toEpochMilli();
            long opening = Sql.number(
                            connection,
                            "SELECT COALESCE(SUM(" + CHANGE + "), 0)" + where + " AND at < ?",
                            seen.tenant(),
                            seen.meter(),
                            seen.after(),
                            seen.through(),
                            from)
                    + runs.sum(connection, before(seen)).units();
            long level = opening;
            long peak = opening;
            long since = from;
            BigInteger unitMillis = BigInteger.ZERO;
            for (Step step : steps(connection, seen)) {
                unitMillis = unitMillis.add(area(level, since, step.at()));
                since = step.at();
                level += step.change();
                peak = Math.max(peak, level);
            }
            unitMillis = unitMillis.add(area(level, since, to));
            return new GaugeUsage(opening, level, peak, unitMillis, length(from, to), position);
        });
    }

    /** All of the same positions that was used earlier. */
    private static UsageQuery before(UsageQuery query) {
        return UsageQuery.of(query.tenant(), query.meter(), Instant.ofEpochMilli(Long.MIN_VALUE), query.from())
                .after(query.after())
                .through(query.through());
    }

    private List<Step> steps(Connection connection, UsageQuery query) throws SQLException {
        List<Step> steps = new ArrayList<>(Sql.list(
                connection,
                "SELECT at, position, " + CHANGE + where + " AND at >= ? AND at < ?",
                row -> new Step(row.getLong(1), row.getLong(2), row.getLong(3)),
                query.tenant(),
                query.meter(),
                query.after(),
                query.through(),
                query.from().toEpochMilli(),
                query.to().toEpochMilli()));
        runs.each(
                connection,
                query,
                (replica, position, charge) -> steps.add(new Step(charge.at(), position, charge.quantity())));
        steps.sort(Comparator.comparingLong(Step::at).thenComparingLong(Step::position));
        return steps;
    }

    /** Of an interval that may be longer than a long has milliseconds. */
    private static BigInteger area(long level, long since, long until) {
        return BigInteger.valueOf(level).multiply(BigInteger.valueOf(until).subtract(BigInteger.valueOf(since)));
    }

    private static Duration length(long from, long to) {
        return Duration.between(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to));
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException("1 to 10,000 entries at once, not " + limit);
        }
        return database.read("Listing entries", connection -> {
            // What is beyond may be seen in one of the two and not yet in the other.
            long position = position(connection, query.tenant(), query.meter());
            UsageQuery seen = query.through(Math.min(query.through(), position));
            List<LedgerEntry> entries = new ArrayList<>(runs.entries(connection, seen, limit));
            entries.addAll(Sql.list(
                    connection,
                    "SELECT *" + where + " AND at >= ? AND at < ? ORDER BY position LIMIT ?",
                    Tables::entry,
                    seen.tenant(),
                    seen.meter(),
                    seen.after(),
                    seen.through(),
                    seen.from().toEpochMilli(),
                    seen.to().toEpochMilli(),
                    limit));
            entries.sort(Comparator.comparingLong(LedgerEntry::position));
            return List.copyOf(entries.subList(0, Math.min(limit, entries.size())));
        });
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
