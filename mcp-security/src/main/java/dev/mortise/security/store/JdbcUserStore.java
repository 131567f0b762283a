package dev.mortise.security.store;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.security.standing.Change;
import dev.mortise.security.user.User;
import dev.mortise.security.user.UserStore;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Users in the table {@code sec_user}. */
final class JdbcUserStore implements UserStore {
    private final Database database;
    private final JdbcChanges changes;
    private final String table;
    private final String select;

    JdbcUserStore(Database database, JdbcChanges changes) {
        this.database = database;
        this.changes = changes;
        this.table = database.table("sec_user");
        this.select = "SELECT * FROM " + table;
    }

    @Override
    public boolean add(User user) {
        Columns.requirePlain(user.subject(), user.tenant(), user.name(), String.join("\n", user.roles()));
        return database.write("Adding a user", connection -> {
            changes.write(connection, Change.Kind.USER, user.identity());
            return Sql.update(
                            connection,
                            "INSERT INTO " + table
                                    + " (identity, subject, tenant, name, roles, created_at, disabled_at)"
                                    + " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING",
                            user.identity(),
                            user.subject(),
                            user.tenant(),
                            user.name(),
                            String.join("\n", user.roles()),
                            user.createdAt().toEpochMilli(),
                            Columns.millis(user.disabledAt()))
                    == 1;
        });
    }

    @Override
    public Optional<User> find(String identity) {
        return Columns.isPlain(identity)
                ? database.read("Finding a user", connection -> find(connection, identity))
                : Optional.empty();
    }

    private Optional<User> find(Connection connection, String identity) throws SQLException {
        return Sql.first(connection, select + " WHERE identity = ?", JdbcUserStore::user, identity);
    }

    @Override
    public boolean change(String identity, UnaryOperator<User> change) {
        return Columns.isPlain(identity)
                && database.write("Changing a user", connection -> {
                    // First, because it keeps others from changing the user between the reading and the writing.
                    changes.write(connection, Change.Kind.USER, identity);
                    Optional<User> known = find(connection, identity);
                    if (known.isEmpty()) {
                        return false;
                    }
                    User changed = change.apply(known.get());
                    Columns.requirePlain(String.join("\n", changed.roles()));
                    return Sql.update(
                                    connection,
                                    "UPDATE " + table + " SET roles = ?, disabled_at = ? WHERE identity = ?",
                                    String.join("\n", changed.roles()),
                                    Columns.millis(changed.disabledAt()),
                                    identity)
                            == 1;
                });
    }

    @Override
    public void announce(String identity) {
        Columns.requirePlain(identity);
        database.write("Announcing a user", connection -> {
            changes.write(connection, Change.Kind.USER, identity);
            return true;
        });
    }

    @Override
    public List<User> list(@Nullable String tenant, @Nullable String after, int limit) {
        Columns.requirePlain(tenant, after);
        return database.read(
                "Listing users",
                connection -> tenant == null
                        ? Sql.list(
                                connection,
                                select + " WHERE identity > ? ORDER BY identity LIMIT ?",
                                JdbcUserStore::user,
                                Columns.orStart(after),
                                limit)
                        : Sql.list(
                                connection,
                                select + " WHERE tenant = ? AND identity > ? ORDER BY identity LIMIT ?",
                                JdbcUserStore::user,
                                tenant,
                                Columns.orStart(after),
                                limit));
    }

    private static User user(ResultSet row) throws SQLException {
        return new User(
                row.getString("subject"),
                row.getString("tenant"),
                row.getString("name"),
                Columns.set(row.getString("roles"), "\n"),
                Columns.instant(row, "created_at"),
                Columns.instantOrNull(row, "disabled_at"));
    }
}
