package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** The tables by their names, and their rows as values. */
final class Tables {
    final Dialect dialect;
    final String entry;
    final String page;
    final String run;
    final String account;
    final String window;
    final String replica;
    final String lease;
    final String threshold;
    final String now;
    private final Statements statements = new Statements();

    Tables(Database database) {
        this.dialect = database.dialect();
        this.entry = database.table("ledger_entry");
        this.page = database.table("ledger_page");
        this.run = database.table("ledger_run");
        this.account = database.table("ledger_account");
        this.window = database.table("ledger_window");
        this.replica = database.table("ledger_replica");
        this.lease = database.table("ledger_lease");
        this.threshold = database.table("ledger_threshold");
        this.now = dialect.now();
    }

    Shape shape(String... columns) {
        return new Shape(dialect, statements, columns);
    }

    /** For a row that is read to be changed. SQLite has one writer anyway. */
    String forUpdate(String alias) {
        return dialect == Dialect.POSTGRESQL ? " FOR UPDATE OF " + alias : "";
    }

    static LedgerEntry entry(ResultSet row) throws SQLException {
        return new LedgerEntry(
                row.getString("tenant"),
                row.getString("meter"),
                row.getLong("position"),
                row.getString("source"),
                row.getString("event_id"),
                Account.ofKey(row.getString("debit")),
                Account.ofKey(row.getString("credit")),
                row.getLong("amount"),
                Instant.ofEpochMilli(row.getLong("at")),
                Instant.ofEpochMilli(row.getLong("recorded_at")),
                row.getInt("reversal") == 1,
                row.getString("item"),
                row.getString("actor"));
    }

    static WindowState state(ResultSet row) throws SQLException {
        return new WindowState(
                new Window(
                        row.getString("tenant"),
                        row.getString("meter"),
                        row.getLong("starts_at"),
                        row.getLong("ends_at")),
                row.getLong("used"),
                row.getLong("leased"));
    }
}
