package dev.mortise.security.crypto;

import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In PostgreSQL or SQLite, in the table {@code crypto_data_key}. Keep its backups apart from those of the data, and not
 * longer than a shredded tenant may come back. Thread-safe.
 */
public final class JdbcDataKeyStore implements DataKeyStore {
    private static final String HISTORY = "crypto_migrations";
    private static final List<String> MIGRATIONS = List.of("001-data-keys");
    private static final String COLUMNS = "SELECT tenant, version, wrapped_with, wrapped FROM ";

    private final Database database;
    private final String table;

    private JdbcDataKeyStore(Database database) {
        this.database = database;
        this.table = database.table("crypto_data_key");
    }

    /** Opens the store, and creates or changes its table as needed. The database is borrowed. */
    public static JdbcDataKeyStore migrate(Database database) {
        migrations(database).migrate();
        return new JdbcDataKeyStore(database);
    }

    /** Opens the store, and only checks its table. */
    public static JdbcDataKeyStore validate(Database database) {
        migrations(database).validate();
        return new JdbcDataKeyStore(database);
    }

    /** The SQL that {@link #migrate} runs, for somebody to apply by hand; as {@link Migrations#script}. */
    public static Migrations migrations(Database database) {
        return Migrations.of(database, HISTORY, JdbcDataKeyStore.class, MIGRATIONS);
    }

    private static DataKeys keys(ResultSet row) throws SQLException {
        return new DataKeys(
                new String(row.getBytes(1), StandardCharsets.UTF_8),
                row.getLong(2),
                new KeyEncryption.Wrapped(row.getString(3), row.getBytes(4)));
    }

    @Override
    public Optional<DataKeys> find(String tenant) {
        return database.read(
                "Finding the keys of a tenant",
                connection -> Sql.first(
                        connection,
                        COLUMNS + table + " WHERE id = ? AND wrapped IS NOT NULL",
                        JdbcDataKeyStore::keys,
                        StoreKey.of(tenant)));
    }

    @Override
    public boolean insert(DataKeys first) {
        return write(
                "Adding the keys of a tenant",
                connection -> Sql.update(
                                connection,
                                "INSERT INTO " + table + " (id, tenant, version, wrapped_with, wrapped)"
                                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
                                StoreKey.of(first.tenant()),
                                Field.utf8(first.tenant()),
                                first.version(),
                                first.wrapped().key(),
                                first.wrapped().bytes())
                        == 1);
    }

    @Override
    public boolean replace(DataKeys next) {
        return write(
                "Changing the keys of a tenant",
                connection -> Sql.update(
                                connection,
                                "UPDATE " + table + " SET version = ?, wrapped_with = ?, wrapped = ?"
                                        + " WHERE id = ? AND version = ? AND wrapped IS NOT NULL",
                                next.version(),
                                next.wrapped().key(),
                                next.wrapped().bytes(),
                                StoreKey.of(next.tenant()),
                                next.version() - 1)
                        == 1);
    }

    @Override
    public boolean shred(String tenant) {
        return write("Shredding the keys of a tenant", connection -> {
            int shredded = Sql.update(
                    connection,
                    "UPDATE " + table + " SET wrapped = NULL, wrapped_with = '' WHERE id = ? AND wrapped IS NOT NULL",
                    StoreKey.of(tenant));
            Sql.update(
                    connection,
                    "INSERT INTO " + table + " (id, tenant, version, wrapped_with, wrapped)"
                            + " VALUES (?, ?, 0, '', NULL) ON CONFLICT (id) DO NOTHING",
                    StoreKey.of(tenant),
                    Field.utf8(tenant));
            return shredded == 1;
        });
    }

    /** A key that is acknowledged is kept, whatever the database does by default: values may be sealed with it next. */
    private <T> T write(String what, Database.Work<T> work) {
        return database.write(what, connection -> {
            forcePostgresToWait(connection);
            return work.run(connection);
        });
    }

    private void forcePostgresToWait(Connection connection) throws SQLException {
        if (database.dialect() == Dialect.POSTGRESQL) {
            Sql.first(connection, "SELECT set_config('synchronous_commit', 'on', true)", row -> true);
        }
    }

    @Override
    public List<DataKeys> notWrappedWith(String key, @Nullable String after, int limit) {
        return database.read(
                "Looking for keys to wrap again",
                connection -> Sql.list(
                        connection,
                        COLUMNS + table + " WHERE wrapped IS NOT NULL AND wrapped_with <> ? AND id > ?"
                                + " ORDER BY id LIMIT ?",
                        JdbcDataKeyStore::keys,
                        key,
                        after == null ? "" : StoreKey.of(after),
                        limit));
    }
}
