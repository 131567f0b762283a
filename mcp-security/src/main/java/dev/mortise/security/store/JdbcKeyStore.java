package dev.mortise.security.store;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.key.KeyStore;
import dev.mortise.security.key.StoredKey;
import dev.mortise.security.standing.Change;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Keys in the table {@code sec_key}, and what they have paid for calls that pause in {@code sec_payment}. */
final class JdbcKeyStore implements KeyStore {
    private final Database database;
    private final JdbcChanges changes;
    private final String table;
    private final String payments;
    private final String select;

    JdbcKeyStore(Database database, JdbcChanges changes) {
        this.database = database;
        this.changes = changes;
        this.table = database.table("sec_key");
        this.payments = database.table("sec_payment");
        this.select = "SELECT * FROM " + table;
    }

    @Override
    public boolean add(StoredKey key, Instant now) {
        Columns.requirePlain(key.subject(), key.tenant(), key.label());
        return database.write("Adding a key", connection -> {
            changes.write(connection, Change.Kind.KEY, key.id());
            return insert(connection, key, now);
        });
    }

    private boolean insert(Connection connection, StoredKey key, Instant now) throws SQLException {
        if (key.parent() != null && !isGood(connection, key.parent(), now)) {
            return false;
        }
        KeyLimits limits = key.limits();
        int rows = Sql.update(
                connection,
                "INSERT INTO " + table + " (id, hash, environment, subject, tenant, label, scopes, reach, tools, spend,"
                        + " expires_at, parent, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT (id) DO NOTHING",
                key.id(),
                key.hash(),
                key.environment(),
                key.subject(),
                key.tenant(),
                key.label(),
                String.join(" ", limits.scopes()),
                limits.reach().name(),
                limits.tools() == null ? null : String.join("\n", limits.tools()),
                limits.spend(),
                Columns.millis(limits.expiresAt()),
                key.parent(),
                key.createdAt().toEpochMilli());
        if (rows == 0) {
            throw new IllegalArgumentException("There is a key " + key.id() + " already");
        }
        return true;
    }

    private boolean isGood(Connection connection, String id, Instant now) throws SQLException {
        return find(connection, id).filter(key -> key.isGood(now)).isPresent();
    }

    private Optional<StoredKey> find(Connection connection, String id) throws SQLException {
        return Sql.first(connection, select + " WHERE id = ?", JdbcKeyStore::key, id);
    }

    @Override
    public Optional<StoredKey> find(String id) {
        return Columns.isPlain(id)
                ? database.read("Finding a key", connection -> find(connection, id))
                : Optional.empty();
    }

    @Override
    public boolean replace(String id, StoredKey successor, Instant end, Instant now) {
        return database.write("Replacing a key", connection -> {
            changes.write(connection, Change.Kind.KEY, id);
            boolean asItWas = find(connection, id)
                    .filter(key -> key.isGood(now) && Objects.equals(key.parent(), successor.parent()))
                    .isPresent();
            if (!asItWas || !insert(connection, successor, now)) {
                return false;
            }
            changes.write(connection, Change.Kind.KEY, successor.id());
            Sql.update(
                    connection,
                    "UPDATE " + table + " SET spent = (SELECT spent FROM " + table + " WHERE id = ?) WHERE id = ?",
                    id,
                    successor.id());
            for (String child : children(connection, id)) {
                changes.write(connection, Change.Kind.KEY, child);
            }
            // The replaced key, too: whatever is still made of it ends when its successor is revoked.
            Sql.update(
                    connection,
                    "UPDATE " + table + " SET parent = ? WHERE parent = ? OR id = ?",
                    successor.id(),
                    id,
                    id);
            long millis = end.toEpochMilli();
            return Sql.update(
                            connection,
                            "UPDATE " + table + " SET expires_at = CASE WHEN expires_at < ? THEN expires_at ELSE ? END"
                                    + " WHERE id = ?",
                            millis,
                            millis,
                            id)
                    == 1;
        });
    }

    private List<String> children(Connection connection, String id) throws SQLException {
        return Sql.list(connection, "SELECT id FROM " + table + " WHERE parent = ?", row -> row.getString(1), id);
    }

    @Override
    public boolean revoke(String id, Instant at) {
        return Columns.isPlain(id)
                && database.write("Revoking a key", connection -> {
                    changes.write(connection, Change.Kind.KEY, id);
                    if (revokeOne(connection, id, at) == 0) {
                        return false;
                    }
                    Deque<String> open = new ArrayDeque<>(children(connection, id));
                    while (!open.isEmpty()) {
                        String next = open.remove();
                        changes.write(connection, Change.Kind.KEY, next);
                        revokeOne(connection, next, at);
                        open.addAll(children(connection, next));
                    }
                    return true;
                });
    }

    private int revokeOne(Connection connection, String id, Instant at) throws SQLException {
        return Sql.update(
                connection,
                "UPDATE " + table + " SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL",
                at.toEpochMilli(),
                id);
    }

    @Override
    public boolean spend(String id, long units) {
        return database.write("Spending with a key", connection -> {
            List<String> limited = limited(connection, id);
            for (int i = 0; i < limited.size(); i++) {
                if (Sql.update(
                                connection,
                                "UPDATE " + table + " SET spent = spent + ? WHERE id = ? AND spent <= spend - ?",
                                units,
                                limited.get(i),
                                units)
                        == 0) {
                    back(connection, limited.subList(0, i), units);
                    return false;
                }
            }
            return true;
        });
    }

    @Override
    public void giveBack(String id, long units) {
        database.write("Giving back what a key did not spend", connection -> {
            back(connection, limited(connection, id), units);
            return true;
        });
    }

    private void back(Connection connection, List<String> ids, long units) throws SQLException {
        for (String id : ids) {
            Sql.update(
                    connection,
                    "UPDATE " + table + " SET spent = CASE WHEN spent > ? THEN spent - ? ELSE 0 END WHERE id = ?",
                    units,
                    units,
                    id);
        }
    }

    @Override
    public void keepPayment(String payment, Instant now) {
        database.write(
                "Keeping a payment",
                connection -> Sql.update(
                        connection,
                        "INSERT INTO " + payments + " (id, kept_at) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
                        payment,
                        now.toEpochMilli()));
    }

    /** One statement: whoever comes second waits for the first, and then finds nothing. */
    @Override
    public boolean takePayment(String payment) {
        return database.write(
                "Taking a payment",
                connection -> Sql.update(connection, "DELETE FROM " + payments + " WHERE id = ?", payment) == 1);
    }

    @Override
    public void sweep(Instant before) {
        database.write(
                "Sweeping payments",
                connection -> Sql.update(
                        connection, "DELETE FROM " + payments + " WHERE kept_at < ?", before.toEpochMilli()));
    }

    /** Of a key and its ancestors those that have a limit; the oldest first, so that no two calls wait in a circle. */
    private List<String> limited(Connection connection, String id) throws SQLException {
        Deque<String> limited = new ArrayDeque<>();
        Set<String> seen = new HashSet<>();
        Optional<StoredKey> next = find(connection, id);
        while (next.isPresent() && seen.add(next.get().id())) {
            if (next.get().limits().spend() != null) {
                limited.addFirst(next.get().id());
            }
            String parent = next.get().parent();
            next = parent == null ? Optional.empty() : find(connection, parent);
        }
        return List.copyOf(limited);
    }

    @Override
    public long spent(String id) {
        return Columns.isPlain(id)
                ? database.read(
                                "Asking what a key has spent",
                                connection -> Sql.first(
                                        connection,
                                        "SELECT spent FROM " + table + " WHERE id = ?",
                                        row -> row.getLong(1),
                                        id))
                        .orElse(0L)
                : 0;
    }

    @Override
    public void used(Map<String, Instant> times) {
        database.write("Taking down the use of keys", connection -> {
            // In one order, so that replicas that do the same do not wait for each other in a circle.
            for (Map.Entry<String, Instant> use : new TreeMap<>(times).entrySet()) {
                long millis = use.getValue().toEpochMilli();
                Sql.update(
                        connection,
                        "UPDATE " + table + " SET last_used_at = ?"
                                + " WHERE id = ? AND (last_used_at IS NULL OR last_used_at < ?)",
                        millis,
                        use.getKey(),
                        millis);
            }
            return true;
        });
    }

    @Override
    public List<StoredKey> list(@Nullable String tenant, @Nullable String after, int limit) {
        Columns.requirePlain(tenant, after);
        return database.read(
                "Listing keys",
                connection -> tenant == null
                        ? Sql.list(
                                connection,
                                select + " WHERE id > ? ORDER BY id LIMIT ?",
                                JdbcKeyStore::key,
                                Columns.orStart(after),
                                limit)
                        : Sql.list(
                                connection,
                                select + " WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?",
                                JdbcKeyStore::key,
                                tenant,
                                Columns.orStart(after),
                                limit));
    }

    private static StoredKey key(ResultSet row) throws SQLException {
        String tools = row.getString("tools");
        long spend = row.getLong("spend");
        boolean unlimited = row.wasNull();
        return new StoredKey(
                row.getString("id"),
                row.getString("hash"),
                row.getString("environment"),
                row.getString("subject"),
                row.getString("tenant"),
                row.getString("label"),
                new KeyLimits(
                        Columns.set(row.getString("scopes"), " "),
                        SecurityLevel.valueOf(row.getString("reach")),
                        tools == null ? null : Columns.set(tools, "\n"),
                        unlimited ? null : (Long) spend,
                        Columns.instantOrNull(row, "expires_at")),
                row.getString("parent"),
                Columns.instant(row, "created_at"),
                Columns.instantOrNull(row, "revoked_at"),
                Columns.instantOrNull(row, "last_used_at"));
    }
}
