package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Operations in the table {@code pay_operation}. */
final class OperationTable {
    private final String table;
    private final Expiry expiry;

    OperationTable(Database database) {
        this.table = database.table("pay_operation");
        this.expiry = new Expiry(
                database,
                table,
                "id",
                "id",
                "state NOT IN ('OPEN', 'AWAITING') AND changed_at < ? AND "
                        + FindingTable.none(database, table, "id", Finding.Kind.UNCERTAIN_OPERATION));
    }

    Optional<StoredOperation> find(Connection connection, String id) throws SQLException {
        return Sql.first(connection, "SELECT * FROM " + table + " WHERE id = ?", StoredOperation::read, id);
    }

    Optional<StoredOperation> request(Connection connection, String tenant, String request) throws SQLException {
        return Sql.first(
                connection,
                "SELECT * FROM " + table + " WHERE tenant = ? AND request = ?",
                StoredOperation::read,
                tenant,
                request);
    }

    /** The one that begins a subscription for a tenant and is not through. */
    Optional<StoredOperation> beginning(Connection connection, String tenant) throws SQLException {
        return Sql.first(
                connection,
                "SELECT * FROM " + table + " WHERE tenant = ? AND kind IN ('CHECKOUT', 'SUBSCRIBE')"
                        + " AND state IN ('OPEN', 'AWAITING')",
                StoredOperation::read,
                tenant);
    }

    /** @return false if the request is there already, or another operation begins a subscription for the tenant */
    boolean add(Connection connection, String request, String provider, Operation operation, Instant now)
            throws SQLException {
        return Sql.update(
                        connection,
                        "INSERT INTO " + table + " (id, tenant, request, digest, provider, kind, detail, state,"
                                + " attempts, due_at, created_at, changed_at)"
                                + " VALUES (?, ?, ?, ?, ?, ?, ?, 'OPEN', 0, ?, ?, ?) ON CONFLICT DO NOTHING",
                        operation.id(),
                        operation.tenant(),
                        request,
                        OperationText.digest(provider, operation),
                        provider,
                        OperationText.kind(operation),
                        OperationText.write(operation),
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        now.toEpochMilli())
                == 1;
    }

    List<StoredOperation> due(Connection connection, Instant now, int limit) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM " + table + " WHERE state IN ('OPEN', 'AWAITING') AND due_at <= ?"
                        + " ORDER BY due_at LIMIT ?",
                StoredOperation::read,
                now.toEpochMilli(),
                limit);
    }

    /** Takes it for a while; whoever does not come back from it leaves it to the next. */
    boolean claim(Connection connection, String id, Instant now, Duration lease) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE " + table + " SET attempts = attempts + 1, due_at = ?, changed_at = ?,"
                                + " first_attempt_at = COALESCE(first_attempt_at, ?)"
                                + " WHERE id = ? AND state IN ('OPEN', 'AWAITING') AND due_at <= ?",
                        now.plus(lease).toEpochMilli(),
                        now.toEpochMilli(),
                        now.toEpochMilli(),
                        id,
                        now.toEpochMilli())
                == 1;
    }

    void postpone(Connection connection, String id, Instant until, @Nullable String error, Instant now)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table + " SET due_at = ?, error = ?, changed_at = ?"
                        + " WHERE id = ? AND state IN ('OPEN', 'AWAITING')",
                until.toEpochMilli(),
                error,
                now.toEpochMilli(),
                id);
    }

    void await(Connection connection, String id, Performed.Awaiting awaiting, Instant due, Instant now)
            throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + table + " SET state = 'AWAITING', reference = ?, page = ?, page_expires_at = ?,"
                        + " subscription = ?, due_at = ?, error = NULL, changed_at = ?"
                        + " WHERE id = ? AND state IN ('OPEN', 'AWAITING')",
                awaiting.reference(),
                awaiting.page().toString(),
                awaiting.expiresAt().toEpochMilli(),
                awaiting.subscription(),
                due.toEpochMilli(),
                now.toEpochMilli(),
                id);
    }

    /** Ends one that has not ended. What is found done stays done. */
    boolean end(
            Connection connection,
            String id,
            OperationState state,
            @Nullable String subscription,
            @Nullable String error,
            Instant now)
            throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE " + table + " SET state = ?, subscription = COALESCE(?, subscription), error = ?,"
                                + " changed_at = ? WHERE id = ? AND state <> 'DONE'",
                        state.name(),
                        subscription,
                        error,
                        now.toEpochMilli(),
                        id)
                == 1;
    }

    /**
     * Forgets what ended before then, and nobody has to look at.
     *
     * @return how many there were
     */
    long forget(Instant before) {
        return expiry.run(before.toEpochMilli());
    }
}
