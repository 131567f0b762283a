package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.LedgerStore.Discrepancy;
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

    Verification(Tables tables) {
        this.tables = tables;
    }

    List<Discrepancy> verify(Connection connection) throws SQLException {
        List<Discrepancy> found = new ArrayList<>(Sql.list(
                connection,
                "SELECT tenant, meter, account, SUM(stored), SUM(found) FROM ("
                        + "SELECT tenant, meter, 'debits of ' || debit AS account, 0 AS stored, amount AS found FROM "
                        + tables.entry
                        + " UNION ALL SELECT tenant, meter, 'credits of ' || credit, 0, amount FROM " + tables.entry
                        + " UNION ALL SELECT tenant, meter, 'debits of ' || account, debits, 0 FROM " + tables.account
                        + " UNION ALL SELECT tenant, meter, 'credits of ' || account, credits, 0 FROM "
                        + tables.account + ") AS t GROUP BY tenant, meter, account HAVING SUM(stored) <> SUM(found)",
                row -> new Discrepancy(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5))));
        found.addAll(Sql.list(
                connection,
                "SELECT w.tenant, w.meter, 'used from ' || w.starts_at || ' to ' || w.ends_at, w.used, COALESCE(SUM("
                        + CHANGE + "), 0) FROM " + tables.window + " AS w LEFT JOIN " + tables.entry
                        + " AS e ON e.tenant = w.tenant AND e.meter = w.meter AND e.at >= w.starts_at"
                        + " AND e.at < w.ends_at GROUP BY w.tenant, w.meter, w.starts_at, w.ends_at, w.used"
                        + " HAVING w.used <> COALESCE(SUM(" + CHANGE + "), 0)",
                row -> new Discrepancy(
                        row.getString(1), row.getString(2), row.getString(3), row.getLong(4), row.getLong(5))));
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

    /**
     * The lock is held already. A position never goes back: there are gaps, and an invoice that was made up to one would
     * get what is booked there later.
     */
    void rebuild(Connection connection, Pair pair) throws SQLException {
        for (Account account : Account.values()) {
            Sql.update(
                    connection,
                    "UPDATE " + tables.account + " SET debits = " + sum("debit") + ", credits = " + sum("credit")
                            + ", position = COALESCE((SELECT MAX(e.position) FROM " + tables.entry
                            + " AS e WHERE e.tenant = ? AND e.meter = ? AND e.position > " + tables.account
                            + ".position), position)"
                            + " WHERE tenant = ? AND meter = ? AND account = ?",
                    pair.tenant(),
                    pair.meter(),
                    account.key(),
                    pair.tenant(),
                    pair.meter(),
                    account.key(),
                    pair.tenant(),
                    pair.meter(),
                    pair.tenant(),
                    pair.meter(),
                    account.key());
        }
        Sql.update(
                connection,
                "UPDATE " + tables.window + " SET used = (SELECT COALESCE(SUM(" + CHANGE + "), 0) FROM " + tables.entry
                        + " AS e WHERE e.tenant = ? AND e.meter = ? AND e.at >= starts_at AND e.at < ends_at),"
                        + " leased = (SELECT COALESCE(SUM(l.units), 0) FROM " + tables.lease
                        + " AS l WHERE l.tenant = ? AND l.meter = ? AND l.starts_at = " + tables.window
                        + ".starts_at AND l.ends_at = " + tables.window + ".ends_at) WHERE tenant = ? AND meter = ?",
                pair.tenant(),
                pair.meter(),
                pair.tenant(),
                pair.meter(),
                pair.tenant(),
                pair.meter());
    }

    private String sum(String side) {
        return "(SELECT COALESCE(SUM(e.amount), 0) FROM " + tables.entry + " AS e WHERE e.tenant = ? AND e.meter = ?"
                + " AND e." + side + " = ?)";
    }
}
