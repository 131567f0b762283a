package dev.mortise.billing.store;

import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore.Discrepancy;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Entries that were carried over from pages: some hundred to a row, packed, with what they add up to beside them. Thread-safe.
 */
final class Runs {
    /** Entries of a run at most. */
    static final int LONGEST = 512;

    private static final int AT_ONCE = 64;

    /** What a query finds in runs. */
    record Sum(long units, long entries) {}

    private record Run(String replica, long position, Page page) {
        void each(Visitor visitor) throws SQLException {
            long at = position;
            for (Charge charge : page.charges()) {
                visitor.visit(replica, at++, charge);
            }
        }

        static Run of(ResultSet row) throws SQLException {
            return new Run(row.getString("replica"), row.getLong("position"), Page.read(row.getBytes("body")));
        }
    }

    interface Visitor {
        void visit(String replica, long position, Charge charge) throws SQLException;
    }

    private final Tables tables;
    private final Shape values;
    private final String insert;
    private final String where;
    private final String within;

    Runs(Tables tables) {
        this.tables = tables;
        values = tables.shape(
                "tenant text",
                "meter text",
                "position bigint",
                "last_position bigint",
                "replica text",
                "low bigint",
                "high bigint",
                "first_at bigint",
                "last_at bigint",
                "entries bigint",
                "units bigint",
                "body bytea");
        insert =
                values.sql("INSERT INTO " + tables.run + " (tenant, meter, position, last_position, replica, low, high,"
                        + " first_at, last_at, entries, units, body) SELECT * FROM {rows}");
        where = " FROM " + tables.run + " WHERE tenant = ? AND meter = ? AND last_at >= ? AND first_at < ?"
                + " AND last_position > ? AND position <= ?";
        within = "first_at >= ? AND last_at < ? AND position > ? AND last_position <= ?";
    }

    /** To be filled with {@link #add}. */
    Rows rows() {
        return values.rows();
    }

    /** @param charges of one tenant and meter, {@link #LONGEST} at most, at positions that follow each other */
    void add(Rows rows, String replica, long position, List<Charge> charges) {
        Summary beside = Summary.of(charges);
        Charge first = charges.getFirst();
        rows.add(
                first.tenant(),
                first.meter(),
                position,
                position + charges.size() - 1,
                replica,
                beside.low(),
                beside.high(),
                beside.firstAt(),
                beside.lastAt(),
                beside.entries(),
                beside.units(),
                new Page(charges, List.of()).bytes());
    }

    void insert(Connection connection, Rows rows) throws SQLException {
        rows.update(connection, insert);
    }

    /** All that was used in a window, up to a position. */
    static UsageQuery of(Window window, long through) {
        return UsageQuery.of(
                        window.tenant(),
                        window.meter(),
                        Instant.ofEpochMilli(window.startsAt()),
                        Instant.ofEpochMilli(window.endsAt()))
                .through(through);
    }

    /** Adds up; only runs that lie across an edge of the query are opened. */
    Sum sum(Connection connection, UsageQuery query) throws SQLException {
        long[] sum = new long[2];
        Object[] values = values(query, true);
        Sql.list(
                connection,
                "SELECT COALESCE(SUM(units), 0), COALESCE(SUM(entries), 0)" + where + " AND " + within,
                row -> {
                    sum[0] = row.getLong(1);
                    sum[1] = row.getLong(2);
                    return row;
                },
                values);
        for (Run run : Sql.list(
                connection, "SELECT replica, position, body" + where + " AND NOT (" + within + ")", Run::of, values)) {
            run.each((replica, position, charge) -> {
                if (isIn(query, position, charge)) {
                    sum[0] += charge.quantity();
                    sum[1]++;
                }
            });
        }
        return new Sum(sum[0], sum[1]);
    }

    /** The first of the entries that a query finds here, by position. */
    List<LedgerEntry> entries(Connection connection, UsageQuery query, int limit) throws SQLException {
        List<LedgerEntry> found = new ArrayList<>();
        each(connection, query, (replica, position, charge) -> {
            if (found.size() < limit) {
                found.add(charge.entry(replica, position));
            }
            return found.size() < limit;
        });
        return found;
    }

    interface Taking {
        /** @return whether there is to be more */
        boolean take(String replica, long position, Charge charge) throws SQLException;
    }

    /** What a query finds here, by position. */
    void each(Connection connection, UsageQuery query, Taking taking) throws SQLException {
        boolean[] more = {true};
        UsageQuery rest = query;
        while (more[0]) {
            List<Run> runs = Sql.list(
                    connection,
                    "SELECT replica, position, body" + where + " ORDER BY position LIMIT " + AT_ONCE,
                    Run::of,
                    values(rest, false));
            long[] last = {rest.after()};
            for (Run run : runs) {
                run.each((replica, position, charge) -> {
                    last[0] = position;
                    if (more[0] && isIn(query, position, charge)) {
                        more[0] = taking.take(replica, position, charge);
                    }
                });
            }
            more[0] &= runs.size() == AT_ONCE;
            rest = rest.after(last[0]);
        }
    }

    private static Object[] values(UsageQuery query, boolean twice) {
        Object tenant = query.tenant();
        Object meter = query.meter();
        Object from = query.from().toEpochMilli();
        Object to = query.to().toEpochMilli();
        Object after = query.after();
        Object through = query.through();
        return twice
                ? new Object[] {tenant, meter, from, to, after, through, from, to, after, through}
                : new Object[] {tenant, meter, from, to, after, through};
    }

    private static boolean isIn(UsageQuery query, long position, Charge charge) {
        return position > query.after()
                && position <= query.through()
                && charge.at() >= query.from().toEpochMilli()
                && charge.at() < query.to().toEpochMilli();
    }

    /** Whether each run holds what stands beside it. */
    List<Discrepancy> verify(Connection connection) throws SQLException {
        List<Discrepancy> found = new ArrayList<>();
        Place last = new Place("", "", 0);
        List<Place> places;
        do {
            places = Sql.list(
                    connection,
                    "SELECT * FROM " + tables.run + " WHERE tenant > ? OR (tenant = ? AND (meter > ? OR (meter = ?"
                            + " AND position > ?))) ORDER BY tenant, meter, position LIMIT " + AT_ONCE,
                    row -> verify(row, found),
                    last.tenant(),
                    last.tenant(),
                    last.meter(),
                    last.meter(),
                    last.position());
            last = places.isEmpty() ? last : places.getLast();
        } while (places.size() == AT_ONCE);
        return found;
    }

    private record Place(String tenant, String meter, long position) {}

    private static Place verify(ResultSet row, List<Discrepancy> found) throws SQLException {
        Place place = new Place(row.getString("tenant"), row.getString("meter"), row.getLong("position"));
        Summary stored = new Summary(
                row.getLong("low"),
                row.getLong("high"),
                row.getLong("first_at"),
                row.getLong("last_at"),
                row.getLong("entries"),
                row.getLong("units"));
        Summary held = Summary.of(Page.read(row.getBytes("body")).charges());
        stored.differences(held)
                .forEach((what, both) -> found.add(new Discrepancy(
                        place.tenant(), place.meter(), what + " of the run at " + place.position(), both[0], both[1])));
        return place;
    }

    /** What stands beside a run. */
    private record Summary(long low, long high, long firstAt, long lastAt, long entries, long units) {
        static Summary of(List<Charge> charges) {
            long low = Long.MAX_VALUE;
            long high = 0;
            long firstAt = Long.MAX_VALUE;
            long lastAt = Long.MIN_VALUE;
            long units = 0;
            for (Charge charge : charges) {
                low = Math.min(low, charge.number());
                high = Math.max(high, charge.number());
                firstAt = Math.min(firstAt, charge.at());
                lastAt = Math.max(lastAt, charge.at());
                units = Math.addExact(units, charge.quantity());
            }
            return new Summary(low, high, firstAt, lastAt, charges.size(), units);
        }

        Map<String, long[]> differences(Summary held) {
            Map<String, long[]> all = new TreeMap<>();
            all.put("the lowest number", new long[] {low, held.low});
            all.put("the highest number", new long[] {high, held.high});
            all.put("the earliest time", new long[] {firstAt, held.firstAt});
            all.put("the latest time", new long[] {lastAt, held.lastAt});
            all.put("entries", new long[] {entries, held.entries});
            all.put("units", new long[] {units, held.units});
            all.values().removeIf(both -> both[0] == both[1]);
            return all;
        }
    }
}
