package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Dialect;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Reads and writes {@link Sheet}s. In PostgreSQL that is one statement for each table and all sheets; in SQLite as few as can
 * be for each sheet, because there a statement is what it costs. Thread-safe.
 */
final class Sheets {
    private static final String USED = "'" + Account.USED.key() + "'";
    private static final String WINDOWS = " AS w ON w.tenant = r.tenant AND w.meter = r.meter"
            + " AND w.ends_at > r.low AND w.starts_at <= r.high LEFT JOIN ";
    private static final String LEASES = " AS l ON l.tenant = w.tenant AND l.meter = w.meter"
            + " AND l.starts_at = w.starts_at AND l.ends_at = w.ends_at AND l.replica = r.replica";

    private final Dialect dialect;
    private final Shape pairs;
    private final Shape spans;
    private final Shape accounts;
    private final Shape windows;
    private final Shape leases;
    private final String lockAccounts;
    private final String readWindows;
    private final String readAll;
    private final String writeAccounts;
    private final String writeWindows;
    private final String writeLeases;

    Sheets(Tables tables) {
        dialect = tables.dialect;
        pairs = tables.shape("tenant text", "meter text");
        spans = tables.shape("tenant text", "meter text", "low bigint", "high bigint", "replica text");
        accounts = tables.shape("debits bigint", "credits bigint", "position bigint", "tenant text", "meter text");
        windows = tables.shape(
                "used bigint", "leased bigint", "tenant text", "meter text", "starts_at bigint", "ends_at bigint");
        leases = tables.shape(
                "units bigint", "tenant text", "meter text", "starts_at bigint", "ends_at bigint", "replica text");
        lockAccounts = pairs.sql("SELECT a.tenant, a.meter, a.debits, a.credits, a.position FROM {rows} JOIN "
                + tables.account + " AS a ON a.tenant = r.tenant AND a.meter = r.meter WHERE a.account = " + USED
                + " ORDER BY a.tenant, a.meter" + tables.forUpdate("a"));
        readWindows =
                spans.sql("SELECT w.tenant, w.meter, w.starts_at, w.ends_at, w.used, w.leased, l.units FROM {rows}"
                        + " JOIN " + tables.window + WINDOWS + tables.lease + LEASES);
        readAll = spans.sql("SELECT a.debits, a.credits, a.position, w.starts_at, w.ends_at, w.used, w.leased, l.units"
                + " FROM {rows} JOIN " + tables.account + " AS a ON a.tenant = r.tenant AND a.meter = r.meter"
                + " AND a.account = " + USED + " LEFT JOIN " + tables.window + WINDOWS + tables.lease + LEASES);
        // The other account mirrors the one that is counted.
        String set = "SET debits = CASE account WHEN " + USED + " THEN %1$s ELSE %2$s END, credits = CASE account WHEN "
                + USED + " THEN %2$s ELSE %1$s END, position = %3$s";
        writeAccounts = switch (dialect) {
            case POSTGRESQL ->
                accounts.sql(
                        "UPDATE " + tables.account + " AS a " + set.formatted("r.debits", "r.credits", "r.position")
                                + " FROM {rows} WHERE a.tenant = r.tenant AND a.meter = r.meter");
            case SQLITE ->
                "UPDATE " + tables.account + " " + set.formatted("?1", "?2", "?3")
                        + " WHERE tenant = ?4 AND meter = ?5";
        };
        writeWindows = switch (dialect) {
            case POSTGRESQL ->
                windows.sql("UPDATE " + tables.window + " AS w SET used = r.used, leased = r.leased"
                        + " FROM {rows} WHERE w.tenant = r.tenant AND w.meter = r.meter"
                        + " AND w.starts_at = r.starts_at AND w.ends_at = r.ends_at");
            case SQLITE ->
                "UPDATE " + tables.window + " SET used = ?1, leased = ?2"
                        + " WHERE tenant = ?3 AND meter = ?4 AND starts_at = ?5 AND ends_at = ?6";
        };
        writeLeases = switch (dialect) {
            case POSTGRESQL ->
                leases.sql("UPDATE " + tables.lease + " AS l SET units = r.units FROM {rows}"
                        + " WHERE l.tenant = r.tenant AND l.meter = r.meter AND l.starts_at = r.starts_at"
                        + " AND l.ends_at = r.ends_at AND l.replica = r.replica");
            case SQLITE ->
                "UPDATE " + tables.lease + " SET units = ?1"
                        + " WHERE tenant = ?2 AND meter = ?3 AND starts_at = ?4 AND ends_at = ?5 AND replica = ?6";
        };
    }

    /**
     * Locks the accounts of sheets, and reads what belongs to them.
     *
     * @param trip what else is to be done in PostgreSQL, before
     * @return what that has changed
     */
    int[] lock(Connection connection, SortedMap<Pair, Sheet> sheets, String replica, OneTrip trip) throws SQLException {
        Rows all = spans.rows();
        sheets.forEach((pair, sheet) -> all.add(pair.tenant(), pair.meter(), sheet.low(), sheet.high(), replica));
        return switch (dialect) {
            case POSTGRESQL -> {
                // The lock first: what is read in the same statement would be from before it was waited for.
                Rows wanted = pairs.rows();
                sheets.keySet().forEach(pair -> wanted.add(pair.tenant(), pair.meter()));
                trip.list(wanted, lockAccounts, row -> {
                    Sheet sheet = sheet(sheets, row);
                    sheet.found(row.getLong(3), row.getLong(4), row.getLong(5));
                    return sheet;
                });
                trip.list(all, readWindows, row -> {
                    Sheet sheet = sheet(sheets, row);
                    line(sheet, row, 3);
                    return sheet;
                });
                yield trip.run(connection);
            }
            case SQLITE -> {
                // One after the other, in the order in which they were asked for.
                for (Map.Entry<Pair, Sheet> each : sheets.entrySet()) {
                    Sheet sheet = each.getValue();
                    Rows one = spans.rows();
                    one.add(each.getKey().tenant(), each.getKey().meter(), sheet.low(), sheet.high(), replica);
                    one.list(connection, readAll, row -> {
                        sheet.found(row.getLong(1), row.getLong(2), row.getLong(3));
                        row.getLong(4);
                        if (!row.wasNull()) {
                            line(sheet, row, 4);
                        }
                        return sheet;
                    });
                }
                yield new int[0];
            }
        };
    }

    private static Sheet sheet(Map<Pair, Sheet> sheets, ResultSet row) throws SQLException {
        Sheet sheet = sheets.get(new Pair(row.getString(1), row.getString(2)));
        if (sheet == null) {
            throw new SQLException("A row was read that nobody asked for");
        }
        return sheet;
    }

    private static void line(Sheet sheet, ResultSet row, int from) throws SQLException {
        Window window = new Window(sheet.pair.tenant(), sheet.pair.meter(), row.getLong(from), row.getLong(from + 1));
        long used = row.getLong(from + 2);
        long leased = row.getLong(from + 3);
        long units = row.getLong(from + 4);
        sheet.found(new Sheet.Line(window, used, leased, row.wasNull() ? null : units));
    }

    /** @return the windows that have changed */
    List<WindowState> write(Connection connection, Map<Pair, Sheet> sheets, String replica) throws SQLException {
        Rows changedAccounts = accounts.rows();
        Rows changedWindows = windows.rows();
        Rows changedLeases = leases.rows();
        List<WindowState> changed = new ArrayList<>();
        sheets.forEach((pair, sheet) -> {
            Totals totals = sheet.totals();
            if (totals.isChanged()) {
                changedAccounts.add(totals.debits(), totals.credits(), totals.position(), pair.tenant(), pair.meter());
            }
            for (Sheet.Line line : sheet.lines()) {
                if (line.isChanged()) {
                    WindowState now = line.state();
                    changed.add(now);
                    Window w = line.window;
                    changedWindows.add(now.used(), now.leased(), w.tenant(), w.meter(), w.startsAt(), w.endsAt());
                    if (line.isSpent()) {
                        changedLeases.add(line.held(), w.tenant(), w.meter(), w.startsAt(), w.endsAt(), replica);
                    }
                }
            }
        });
        switch (dialect) {
            case POSTGRESQL -> {
                OneTrip trip = new OneTrip();
                trip.update(changedAccounts, writeAccounts);
                trip.update(changedWindows, writeWindows);
                trip.update(changedLeases, writeLeases);
                trip.run(connection);
            }
            case SQLITE -> {
                changedAccounts.update(connection, writeAccounts);
                changedWindows.update(connection, writeWindows);
                changedLeases.update(connection, writeLeases);
            }
        }
        return changed;
    }
}
