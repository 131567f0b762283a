package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.internal.store.PlainText;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import dev.mortise.mcp.store.TaskStore;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tasks in the table {@code mcp_task}. */
final class JdbcTaskStore implements TaskStore {
    private final Database database;
    private final Headcount headcount;
    private final String insert;
    private final String countOwner;
    private final String columns;
    private final String update;
    private final String delete;

    JdbcTaskStore(Database database) {
        String table = database.table("mcp_task");
        this.database = database;
        this.headcount = new Headcount("SELECT count(*) FROM " + table);
        this.insert =
                "INSERT INTO " + table + " (version, owner, owner_key, status, created_at, updated_at, expires_at,"
                        + " lease_worker, lease_until, due_at, body, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO NOTHING";
        this.countOwner = "SELECT count(*) FROM " + table + " WHERE owner_key = ?";
        this.columns = "SELECT id, version, owner, status, created_at, updated_at, expires_at, lease_worker,"
                + " lease_until, body FROM " + table;
        this.update = "UPDATE " + table + " SET version = ?, owner = ?, owner_key = ?, status = ?, created_at = ?,"
                + " updated_at = ?, expires_at = ?, lease_worker = ?, lease_until = ?, due_at = ?, body = ?"
                + " WHERE id = ? AND version = ?";
        this.delete = "DELETE FROM " + table + " WHERE id = ? AND version = ?";
    }

    @Override
    public Insertion insert(StoredTask task, int mostOfOwner, int mostInAll) {
        return database.write("Adding a task", connection -> {
            if (!headcount.admit(connection, mostInAll)) {
                return Insertion.FULL;
            }
            if (Sql.number(connection, countOwner, StoreKey.of(task.owner())) >= mostOfOwner) {
                return Insertion.OWNER_FULL;
            }
            if (Sql.update(connection, insert, values(task)) == 0) {
                throw new IllegalArgumentException("There is a task " + task.id() + " already");
            }
            return Insertion.ADDED;
        });
    }

    private static @Nullable Object[] values(StoredTask task, Object... more) {
        StoredTask.Lease lease = task.lease();
        long expires = task.expiresAt().toEpochMilli();
        @Nullable Object[] values = new @Nullable Object[12 + more.length];
        values[0] = task.version();
        values[1] = PlainText.encode(task.owner());
        values[2] = StoreKey.of(task.owner());
        values[3] = task.status().name();
        values[4] = task.createdAt().toEpochMilli();
        values[5] = task.updatedAt().toEpochMilli();
        values[6] = expires;
        values[7] = lease == null ? null : PlainText.encode(lease.worker());
        values[8] = lease == null ? null : (Long) lease.until().toEpochMilli();
        values[9] = lease == null ? expires : Math.min(expires, lease.until().toEpochMilli());
        values[10] = PlainText.encode(task.body());
        values[11] = StoreKey.of(task.id());
        System.arraycopy(more, 0, values, 12, more.length);
        return values;
    }

    private static StoredTask task(ResultSet row) throws SQLException {
        String worker = row.getString("lease_worker");
        return new StoredTask(
                row.getString("id"),
                row.getLong("version"),
                PlainText.decode(row.getString("owner")),
                TaskStatus.valueOf(row.getString("status")),
                Instant.ofEpochMilli(row.getLong("created_at")),
                Instant.ofEpochMilli(row.getLong("updated_at")),
                Instant.ofEpochMilli(row.getLong("expires_at")),
                worker == null
                        ? null
                        : new StoredTask.Lease(
                                PlainText.decode(worker), Instant.ofEpochMilli(row.getLong("lease_until"))),
                PlainText.decode(row.getString("body")));
    }

    @Override
    public Optional<StoredTask> find(String id) {
        return database.read(
                "Finding a task",
                connection -> Sql.first(connection, columns + " WHERE id = ?", JdbcTaskStore::task, StoreKey.of(id)));
    }

    @Override
    public boolean replace(StoredTask next) {
        return database.write(
                "Changing a task", connection -> Sql.update(connection, update, values(next, next.version() - 1)) == 1);
    }

    @Override
    public boolean remove(String id, long version) {
        return database.write(
                "Removing a task", connection -> Sql.update(connection, delete, StoreKey.of(id), version) == 1);
    }

    @Override
    public List<StoredTask> overdue(Instant now, int limit) {
        return database.read(
                "Looking for overdue tasks",
                connection -> Sql.list(
                        connection,
                        columns + " WHERE due_at < ? ORDER BY due_at, id LIMIT ?",
                        JdbcTaskStore::task,
                        now.toEpochMilli(),
                        limit));
    }

    @Override
    public List<StoredTask> ofOwner(String owner, @Nullable String after, int limit) {
        return database.read(
                "Listing tasks",
                connection -> Sql.list(
                        connection,
                        columns + " WHERE owner_key = ? AND id > ? ORDER BY id LIMIT ?",
                        JdbcTaskStore::task,
                        StoreKey.of(owner),
                        after == null ? "" : after,
                        limit));
    }
}
