package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tables of one module: plain SQL files, applied in order, once, and recorded in a table of the module's own. All
 * that is missing is applied in one transaction, so that it happens wholly or not at all; replicas that start at the
 * same time wait for each other. Immutable.
 *
 * <p>A database that is further on than these files, because a newer replica was there, is accepted.
 */
public final class Migrations {
    private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

    private final Database database;
    private final String history;
    private final List<Migration> files;

    private Migrations(Database database, String history, List<Migration> files) {
        this.database = database;
        this.history = history;
        this.files = files;
    }

    /**
     * The migrations that lie beside a class, in a directory that is named after the dialect: {@code postgresql} or
     * {@code sqlite}.
     *
     * @param history the table that records what was applied, such as {@code mcp_migrations}
     * @param names of the files without {@code .sql}, in order; new ones are only ever added at the end
     */
    public static Migrations of(Database database, String history, Class<?> beside, List<String> names) {
        List<Migration> files = new ArrayList<>();
        for (String name : names) {
            files.add(
                    Migration.read(files.size() + 1, beside, database.dialect().directory(), name));
        }
        return new Migrations(database, history, List.copyOf(files));
    }

    /**
     * Applies what is missing.
     *
     * @throws IllegalStateException if something that was applied has been changed since
     * @throws StoreUnavailable if the database does not answer, or refuses
     */
    public void migrate() {
        List<Migration> applied = database.write("Migrating", connection -> {
            lock(connection);
            prepare(connection);
            List<Migration> missing = missing(connection);
            for (Migration migration : missing) {
                execute(connection, migration.statements());
                Sql.update(connection, record(), migration.version(), migration.name(), migration.checksum());
            }
            return missing;
        });
        applied.forEach(migration -> LOG.info("Applied {} to {}", migration, history));
    }

    /**
     * Changes nothing, and checks that nothing is missing.
     *
     * @throws IllegalStateException if something is, or has been changed
     * @throws StoreUnavailable if the database does not answer
     */
    public void validate() {
        List<Migration> missing = database.read("Validating", connection -> missing(connection));
        if (!missing.isEmpty()) {
            throw new IllegalStateException("The database lacks "
                    + missing.stream().map(Migration::toString).collect(Collectors.joining(", "))
                    + ": run migrate(), or have script() applied");
        }
    }

    /** All of it as one script for somebody to apply to an empty database by hand, the records of it included. */
    public String script() {
        StringBuilder script = new StringBuilder("BEGIN;\n\n");
        preparation().forEach(statement -> script.append(statement).append(";\n\n"));
        for (Migration migration : files) {
            script.append("-- ")
                    .append(migration)
                    .append('\n')
                    .append(migration.text().strip());
            script.append("\n\nINSERT INTO ").append(history).append(" (version, name, checksum, applied_at) VALUES (");
            script.append(migration.version())
                    .append(", '")
                    .append(migration.name())
                    .append("', '");
            script.append(migration.checksum()).append("', ").append(now()).append(");\n\n");
        }
        return script.append("COMMIT;\n").toString();
    }

    private String now() {
        return database.dialect().now();
    }

    private String record() {
        return "INSERT INTO " + history + " (version, name, checksum, applied_at) VALUES (?, ?, ?, " + now() + ")";
    }

    /** Held until the transaction ends, and by nothing else: so also behind a pooler. SQLite has one writer anyway. */
    private void lock(Connection connection) throws SQLException {
        if (database.dialect() == Dialect.POSTGRESQL) {
            Sql.list(
                    connection,
                    "SELECT pg_advisory_xact_lock(hashtext(?))::text",
                    row -> true,
                    "mortise migrations of " + database.table(history));
        }
    }

    /** So that the files themselves name no schema. Set for the transaction only. */
    private void prepare(Connection connection) throws SQLException {
        String schema = database.schema();
        if (schema != null && isMissing(connection, schema)) {
            execute(connection, List.of("CREATE SCHEMA " + schema));
        }
        execute(connection, preparation());
    }

    private List<String> preparation() {
        List<String> statements = new ArrayList<>();
        if (database.schema() != null) {
            statements.add("SET LOCAL search_path TO " + database.schema());
        }
        statements.add("CREATE TABLE IF NOT EXISTS " + history + " (version integer PRIMARY KEY, name text NOT NULL,"
                + " checksum text NOT NULL, applied_at bigint NOT NULL)");
        return statements;
    }

    /** Asked first: one who may use a schema may not be allowed to create it. */
    private static boolean isMissing(Connection connection, String schema) throws SQLException {
        return Sql.number(connection, "SELECT count(*) FROM pg_namespace WHERE nspname = ?", schema) == 0;
    }

    private List<Migration> missing(Connection connection) throws SQLException {
        Map<Integer, String> applied = new TreeMap<>();
        if (historyExists(connection)) {
            Sql.list(
                            connection,
                            "SELECT version, checksum FROM " + database.table(history),
                            row -> Map.entry(row.getInt(1), row.getString(2)))
                    .forEach(row -> applied.put(row.getKey(), row.getValue()));
        }
        List<Migration> missing = new ArrayList<>();
        for (Migration migration : files) {
            String checksum = applied.get(migration.version());
            if (checksum == null) {
                missing.add(migration);
            } else if (!checksum.equals(migration.checksum())) {
                throw new IllegalStateException(migration + " was applied to " + database.table(history)
                        + " with another content: a migration is never changed, only followed by a new one");
            }
        }
        return missing;
    }

    private boolean historyExists(Connection connection) throws SQLException {
        return switch (database.dialect()) {
            case POSTGRESQL ->
                Sql.first(
                                connection,
                                "SELECT to_regclass(?)::text",
                                row -> row.getString(1) != null,
                                database.table(history))
                        .orElse(false);
            case SQLITE ->
                Sql.number(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?", history)
                        > 0;
        };
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
