package dev.mortise.security.store;

import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.security.access.AccessStore;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Grant;
import dev.mortise.security.standing.Change;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Grants and approvals in the tables {@code sec_grant} and {@code sec_approval}. */
final class JdbcAccessStore implements AccessStore {
    private final Database database;
    private final JdbcChanges changes;
    private final String grants;
    private final String approvals;

    JdbcAccessStore(Database database, JdbcChanges changes) {
        this.database = database;
        this.changes = changes;
        this.grants = database.table("sec_grant");
        this.approvals = database.table("sec_approval");
    }

    @Override
    public void add(Grant grant) {
        Columns.requirePlain(grant.subject(), grant.tenant(), grant.name(), grant.by());
        database.write("Adding a grant", connection -> {
            insert(connection, grant);
            return true;
        });
    }

    private void insert(Connection connection, Grant grant) throws SQLException {
        changes.write(connection, Change.Kind.GRANT, grant.identity());
        Sql.update(
                connection,
                "INSERT INTO " + grants + " (id, identity, subject, tenant, kind, name, pin, granted_by, created_at,"
                        + " expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                grant.id(),
                grant.identity(),
                grant.subject(),
                grant.tenant(),
                grant.kind().name(),
                grant.name(),
                grant.pin(),
                grant.by(),
                grant.createdAt().toEpochMilli(),
                grant.expiresAt().toEpochMilli());
    }

    @Override
    public Optional<Grant> grant(String id) {
        return Columns.isPlain(id)
                ? database.read("Finding a grant", connection -> grant(connection, id))
                : Optional.empty();
    }

    private Optional<Grant> grant(Connection connection, String id) throws SQLException {
        return Sql.first(connection, "SELECT * FROM " + grants + " WHERE id = ?", JdbcAccessStore::grant, id);
    }

    @Override
    public List<Grant> grantsOf(String identity, Instant now) {
        return Columns.isPlain(identity)
                ? database.read(
                        "Finding grants",
                        connection -> Sql.list(
                                connection,
                                "SELECT * FROM " + grants
                                        + " WHERE identity = ? AND expires_at > ? AND revoked_at IS NULL ORDER BY id",
                                JdbcAccessStore::grant,
                                identity,
                                now.toEpochMilli()))
                : List.of();
    }

    @Override
    public boolean revokeGrant(String id, Instant at) {
        Optional<Grant> known = grant(id);
        return known.isPresent()
                && database.write("Revoking a grant", connection -> {
                    changes.write(connection, Change.Kind.GRANT, known.get().identity());
                    return Sql.update(
                                    connection,
                                    "UPDATE " + grants + " SET revoked_at = ?"
                                            + " WHERE id = ? AND revoked_at IS NULL AND expires_at > ?",
                                    at.toEpochMilli(),
                                    id,
                                    at.toEpochMilli())
                            == 1;
                });
    }

    @Override
    public List<Grant> grants(@Nullable String tenant, @Nullable String after, int limit) {
        return list(grants, JdbcAccessStore::grant, tenant, null, after, limit);
    }

    private <T> List<T> list(
            String table,
            Sql.Row<T> reader,
            @Nullable String tenant,
            @Nullable String status,
            @Nullable String after,
            int limit) {
        Columns.requirePlain(tenant, after);
        StringBuilder sql = new StringBuilder("SELECT * FROM ").append(table).append(" WHERE id > ?");
        List<Object> values = new ArrayList<>(List.of(Columns.orStart(after)));
        if (tenant != null) {
            sql.append(" AND tenant = ?");
            values.add(tenant);
        }
        if (status != null) {
            sql.append(" AND status = ?");
            values.add(status);
        }
        values.add(limit);
        sql.append(" ORDER BY id LIMIT ?");
        return database.read("Listing", connection -> Sql.list(connection, sql.toString(), reader, values.toArray()));
    }

    @Override
    public Optional<Approval> request(Approval approval, int mostOpen, Instant now) {
        if (!Columns.isPlain(approval.subject())
                || !Columns.isPlain(approval.tenant())
                || !Columns.isPlain(approval.name())
                || !Columns.isPlain(approval.arguments())) {
            return Optional.empty();
        }
        List<Approval> before =
                database.read("Looking for approvals", connection -> open(connection, approval, mostOpen, now));
        if (before.size() >= mostOpen || same(before, approval).isPresent()) {
            return same(before, approval);
        }
        return database.write("Asking for an approval", connection -> {
            // Alone, so that two who ask for the same at once get the same.
            changes.write(connection, Change.Kind.GRANT, approval.identity());
            List<Approval> open = open(connection, approval, mostOpen, now);
            if (open.size() >= mostOpen || same(open, approval).isPresent()) {
                return same(open, approval);
            }
            insert(connection, approval);
            return Optional.of(approval);
        });
    }

    private List<Approval> open(Connection connection, Approval wanted, int most, Instant now) throws SQLException {
        return Sql.list(
                connection,
                "SELECT * FROM " + approvals
                        + " WHERE identity = ? AND status IN ('PENDING', 'APPROVED') AND expires_at > ? LIMIT ?",
                JdbcAccessStore::approval,
                wanted.identity(),
                now.toEpochMilli(),
                most);
    }

    private static Optional<Approval> same(List<Approval> open, Approval wanted) {
        return open.stream().filter(wanted::asksTheSameAs).findFirst();
    }

    private void insert(Connection connection, Approval approval) throws SQLException {
        Sql.update(
                connection,
                "INSERT INTO " + approvals + " (id, purpose, identity, subject, tenant, kind, name, digest, pin,"
                        + " arguments, status, created_at, expires_at, round)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)",
                approval.id(),
                approval.purpose().name(),
                approval.identity(),
                approval.subject(),
                approval.tenant(),
                approval.kind().name(),
                approval.name(),
                approval.digest(),
                approval.pin(),
                approval.arguments(),
                approval.status().name(),
                approval.createdAt().toEpochMilli(),
                approval.expiresAt().toEpochMilli());
    }

    @Override
    public Optional<Approval> approval(String id) {
        return Columns.isPlain(id) ? firstApproval(" WHERE id = ?", id) : Optional.empty();
    }

    private Optional<Approval> firstApproval(String condition, String value) {
        return database.read(
                "Finding an approval",
                connection -> Sql.first(
                        connection, "SELECT * FROM " + approvals + condition, JdbcAccessStore::approval, value));
    }

    @Override
    public boolean decide(String id, Approval.Status decision, String by, Instant at, @Nullable Grant granted) {
        Columns.requirePlain(id, by);
        return database.write("Deciding on an approval", connection -> {
            int rows = Sql.update(
                    connection,
                    "UPDATE " + approvals + " SET status = ?, decided_by = ?, decided_at = ?"
                            + " WHERE id = ? AND status = 'PENDING' AND expires_at > ?",
                    decision.name(),
                    by,
                    at.toEpochMilli(),
                    id,
                    at.toEpochMilli());
            if (rows == 1 && granted != null) {
                insert(connection, granted);
            }
            return rows == 1;
        });
    }

    @Override
    public boolean revokeApproval(String id, String by, Instant at) {
        Columns.requirePlain(id, by);
        return database.write(
                "Revoking an approval",
                connection -> Sql.update(
                                connection,
                                "UPDATE " + approvals + " SET status = 'REVOKED', decided_by = ?, decided_at = ?"
                                        + " WHERE id = ? AND status IN ('PENDING', 'APPROVED') AND expires_at > ?",
                                by,
                                at.toEpochMilli(),
                                id,
                                at.toEpochMilli())
                        == 1);
    }

    /** One statement: whoever comes second waits for the first, and then finds it used. */
    @Override
    public boolean use(String id, String call, int round, Instant now) {
        return database.write(
                "Using an approval",
                connection -> Sql.update(
                                connection,
                                "UPDATE " + approvals + " SET status = 'USED', arguments = '', call = ?, round = ?"
                                        + " WHERE id = ? AND ((status = 'APPROVED' AND expires_at > ?)"
                                        + " OR (status = 'USED' AND call = ? AND round < ?))",
                                call,
                                round,
                                id,
                                now.toEpochMilli(),
                                call,
                                round)
                        == 1);
    }

    @Override
    public boolean giveBack(String id, String call, int round) {
        return database.write(
                "Giving an approval back",
                connection -> Sql.update(
                                connection,
                                "UPDATE " + approvals + " SET status = 'APPROVED', call = NULL, round = 0"
                                        + " WHERE id = ? AND status = 'USED' AND call = ? AND round = ?",
                                id,
                                call,
                                round)
                        == 1);
    }

    @Override
    public Optional<Approval> usedBy(String call) {
        return firstApproval(" WHERE call = ?", call);
    }

    @Override
    public List<Approval> approvals(
            @Nullable String tenant, Approval.@Nullable Status status, @Nullable String after, int limit) {
        return list(approvals, JdbcAccessStore::approval, tenant, status == null ? null : status.name(), after, limit);
    }

    @Override
    public void sweep(Instant before) {
        database.write("Sweeping approvals", connection -> {
            Sql.update(connection, "DELETE FROM " + grants + " WHERE expires_at < ?", before.toEpochMilli());
            return Sql.update(connection, "DELETE FROM " + approvals + " WHERE expires_at < ?", before.toEpochMilli());
        });
    }

    private static Grant grant(ResultSet row) throws SQLException {
        return new Grant(
                row.getString("id"),
                row.getString("identity"),
                row.getString("subject"),
                row.getString("tenant"),
                Target.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                row.getString("pin"),
                row.getString("granted_by"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "expires_at"),
                Columns.instantOrNull(row, "revoked_at"));
    }

    private static Approval approval(ResultSet row) throws SQLException {
        return new Approval(
                row.getString("id"),
                Approval.Purpose.valueOf(row.getString("purpose")),
                row.getString("identity"),
                row.getString("subject"),
                row.getString("tenant"),
                Target.Kind.valueOf(row.getString("kind")),
                row.getString("name"),
                row.getString("digest"),
                row.getString("pin"),
                row.getString("arguments"),
                Approval.Status.valueOf(row.getString("status")),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "expires_at"),
                row.getString("decided_by"),
                Columns.instantOrNull(row, "decided_at"),
                row.getString("call"),
                row.getInt("round"));
    }
}
