package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** What a host does with changes: it writes them down, in the transaction that it is given. */
public final class PlanHistory implements SubscriptionChanges {
    private final Database database;
    private final String table;
    /** For a host that fails. */
    public volatile boolean broken;

    private volatile @Nullable Callable<?> before;

    public PlanHistory(Database database) {
        this.database = database;
        this.table = database.table("plan_history");
        database.write("Making a history", connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute("CREATE TABLE IF NOT EXISTS " + table
                        + " (tenant text NOT NULL, line text NOT NULL, at bigint NOT NULL)");
            }
        });
    }

    /** What the next change waits for within its transaction. */
    public void beforeApplying(Callable<?> first) {
        before = first;
    }

    @Override
    public void apply(Connection connection, SubscriptionChange change) throws SQLException {
        Callable<?> first = before;
        if (first != null) {
            before = null;
            try {
                first.call();
            } catch (Exception e) {
                throw new SQLException(e);
            }
        }
        Sql.update(
                connection,
                "INSERT INTO " + table + " (tenant, line, at) VALUES (?, ?, ?)",
                change.tenant(),
                change.standing() + " " + change.plan(),
                change.at().toEpochMilli());
        if (broken) {
            throw new SQLException("The host's history is broken");
        }
    }

    public List<String> of(String tenant) {
        return database.read(
                "Reading a history",
                connection -> Sql.list(
                        connection,
                        "SELECT line FROM " + table + " WHERE tenant = ? ORDER BY at",
                        row -> row.getString(1),
                        tenant));
    }
}
