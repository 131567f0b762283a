package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.LedgerStore.Discrepancy;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether the totals are what the entries say. Each comparison is one statement, and so one picture. */
final class Verification {
    private static final String CHANGE =
            "CASE WHEN e.debit = '" + Account.USED.key() + "' THEN e.amount ELSE -e.amount END";

    private final Tables tables;
    private final Runs runs;

    Verification(Tables tables, Runs runs) {
        this.tables = tables;
        this.runs = runs;
    }

    List<Discrepancy> verify(Connection connection) throws SQLException {
        List<Discrepancy> found = new ArrayList<>(Sql.list(
                connection,
                "SELECT tenant, meter, account, SUM(stored), SUM(found) FROM ("
                        + "SELECT tenant, meter, 'debits of ' || debit AS account, 0 AS stored, amount AS found FROM "
                        + tables.entry
                        + " UNION ALL SELECT tenant, meter, 'credits of ' || credit, 0, amount FROM " + tables.entry
                        + " UNION ALL SELECT tenant, meter, 'debits of " + Account.USED.key() + "', 0, units FROM "
                        + tables.run
                        + " UNION ALL SELECT tenant, meter, 'credits of " + Account.SUPPLIED.key() + "', 0, units FROM "
                        + tables.run
                        + " UNION ALL SELECT tenant, meter, 'debits of ' || account, debits, 0 FROM " + tables.account
                        + " UNION ALL SELECT tenant, meter, 'credits of ' || account, credits, 0 FROM "
                        + tables.account + ") AS t GROUP BY tenant, meter, account HAVING SUM(stored) <> SUM(found)",
                row -> new Discrepancy(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5))));
        verifyWindows(connection, found);
        found.addAll(runs.verify(connection));
        found.addAll(Sql.list(
                connection,
                "SELECT w.tenant, w.meter, 'leased from ' || w.starts_at || ' to ' || w.ends_at, w.leased,"
                        + " COALESCE(SUM(l.units), 0) FROM " + tables.window + " AS w LEFT JOIN " + tables.lease
                        + " AS l ON l.tenant = w.tenant AND l.meter = w.meter AND l.starts_at = w.starts_at"
                        + " AND l.ends_at = w.ends_at GROUP BY w.tenant, w.meter, w.starts_at, w.ends_at, w.leased"
                        + " HAVING w.leased <> COALESCE(SUM(l.units), 0)",
                row -> new Discrepancy(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5))));
        return found;
    }

    private record Used(Window window, long stored, long position) {}

    /** Windows with the position that they go up to are one picture, and what is up to there never changes. */
    private void verifyWindows(Connection connection, List<Discrepancy> found) throws SQLException {
        List<Used> all = Sql.list(
                connection,
                "SELECT w.tenant, w.meter, w.starts_at, w.ends_at, w.used, a.position FROM " + tables.window
                        + " AS w JOIN " + tables.account + " AS a ON a.tenant = w.tenant AND a.meter = w.meter"
                        + " WHERE a.account = '" + Account.USED.key() + "'",
                row -> new Used(
                        new Window(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                        row.getLong(5),
                        row.getLong(6)));
        for (Used each : all) {
            Window window = each.window();
            long used = used(connection, window, each.position());
            if (used != each.stored()) {
                found.add(new Discrepancy(
                        window.tenant(),
                        window.meter(),
                        "used from " + window.startsAt() + " to " + window.endsAt(),
                        each.stored(),
                        used));
            }
        }
    }

    private long used(Connection connection, Window window, long through) throws SQLException {
        return Sql.number(
                        connection,
                        "SELECT COALESCE(SUM(" + CHANGE + "), 0) FROM " + tables.entry + " AS e WHERE e.tenant = ?"
                                + " AND e.meter = ? AND e.at >= ? AND e.at < ? AND e.position <= ?",
                        window.tenant(),
                        window.meter(),
                        window.startsAt(),
                        window.endsAt(),
                        through)
                + runs.sum(connection, Runs.of(window, through)).units();
    }

    /**
     * The lock is held already. A position never goes back: there are gaps, and an invoice that was made up to one would
     * get what is booked there later.
     */
    void rebuild(Connection connection, Pair pair) throws SQLException {
        for (Account account : Account.values()) {
            Sql.update(
                    connection,
                    "UPDATE " + tables.account + " SET debits = " + sum("debit", account, Account.USED)
                            + ", credits = " + sum("credit", account, Account.SUPPLIED)
                            + ", position = COALESCE((SELECT MAX(e.position) FROM (SELECT tenant, meter, position FROM "
                            + tables.entry + " UNION ALL SELECT tenant, meter, last_position FROM " + tables.run
                            + ") AS e WHERE e.tenant = ? AND e.meter = ? AND e.position > " + tables.account
                            + ".position), position) WHERE tenant = ? AND meter = ? AND account = ?",
                    pair.tenant(),
                    pair.meter(),
                    pair.tenant(),
                    pair.meter(),
                    pair.tenant(),
                    pair.meter(),
                    pair.tenant(),
                    pair.meter(),
                    pair.tenant(),
                    pair.meter(),
                    pair.tenant(),
                    pair.meter(),
                    account.key());
        }
        List<Window> windows = Sql.list(
                connection,
                "SELECT starts_at, ends_at FROM " + tables.window + " WHERE tenant = ? AND meter = ?",
                row -> new Window(pair.tenant(), pair.meter(), row.getLong(1), row.getLong(2)),
                pair.tenant(),
                pair.meter());
        for (Window window : windows) {
            Sql.update(
                    connection,
                    "UPDATE " + tables.window + " SET used = ?, leased = (SELECT COALESCE(SUM(l.units), 0) FROM "
                            + tables.lease + " AS l WHERE l.tenant = ? AND l.meter = ? AND l.starts_at = ?"
                            + " AND l.ends_at = ?) WHERE tenant = ? AND meter = ? AND starts_at = ? AND ends_at = ?",
                    used(connection, window, Long.MAX_VALUE),
                    window.tenant(),
                    window.meter(),
                    window.startsAt(),
                    window.endsAt(),
                    window.tenant(),
                    window.meter(),
                    window.startsAt(),
                    window.endsAt());
        }
    }

    /** @param ofRuns the account that runs are on this side of */
    private String sum(String side, Account account, Account ofRuns) {
        String runUnits = account == ofRuns ? "r.units" : "0";
        return "(SELECT COALESCE(SUM(e.amount), 0) FROM " + tables.entry + " AS e WHERE e.tenant = ? AND e.meter = ?"
                + " AND e." + side + " = '" + account.key() + "')"
                + " + (SELECT COALESCE(SUM(" + runUnits + "), 0) FROM " + tables.run
                + " AS r WHERE r.tenant = ? AND r.meter = ?)";
    }
}
