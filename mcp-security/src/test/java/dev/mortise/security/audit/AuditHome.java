package dev.mortise.security.audit;

import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.mcp.store.jdbc.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * A database for one test, and a way to it that the log knows nothing of.
 *
 * @param url by which another process finds it
 * @param ofLog by which the log finds it
 */
record AuditHome(String url, @Nullable String schema, DataSource dataSource, DataSource ofLog) {
    private static final AtomicInteger COUNT = new AtomicInteger();

    static AuditHome sqlite(Path directory) {
        return of("jdbc:sqlite:" + directory.resolve("audit.db"), null);
    }

    static AuditHome postgres() {
        return postgres(SharedServers.postgres());
    }

    static AuditHome postgres(TestPostgres server) {
        return of(
                "jdbc:postgresql://127.0.0.1:" + server.port() + "/postgres?user=postgres",
                "audit_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet());
    }

    static AuditHome pgBouncer() {
        AuditHome direct = postgres();
        return new AuditHome(
                direct.url(),
                direct.schema(),
                direct.dataSource(),
                SharedServers.pgBouncer().dataSource());
    }

    static AuditHome of(String url, @Nullable String schema) {
        if (url.startsWith("jdbc:sqlite:")) {
            SQLiteDataSource file = new SQLiteDataSource();
            file.setUrl(url);
            return new AuditHome(url, schema, file, file);
        }
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setUrl(url);
        return new AuditHome(url, schema, server, server);
    }

    boolean isSqlite() {
        return schema == null;
    }

    AuditLog.Builder log(CheckpointSigner signer) {
        AuditLog.Builder builder = AuditLog.in(ofLog, signer).timeout(Duration.ofSeconds(20));
        return schema == null ? builder : builder.schema(schema);
    }

    Database database() {
        return Database.of(ofLog, schema, Duration.ofSeconds(20));
    }

    private Connection connection() throws SQLException {
        Connection connection = dataSource.getConnection();
        try (Statement statement = connection.createStatement()) {
            statement.execute(isSqlite() ? "PRAGMA busy_timeout = 10000" : "SET search_path TO " + schema);
        }
        return connection;
    }

    /** As somebody with all rights in the database would do it. */
    int execute(String... statements) throws SQLException {
        int changed = 0;
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                changed = statement.executeUpdate(sql);
            }
        }
        return changed;
    }

    String ask(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    /** The text that a column of bytes holds, as an expression. */
    String text(String column) {
        return isSqlite() ? "CAST(" + column + " AS TEXT)" : "convert_from(" + column + ", 'UTF8')";
    }

    /** The bytes of a text, as an expression. */
    String bytes(String text) {
        return isSqlite() ? "CAST(" + text + " AS BLOB)" : "convert_to(" + text + ", 'UTF8')";
    }

    /** Bytes as a literal. */
    String hex(String digits) {
        return isSqlite() ? "x'" + digits + "'" : "'\\x" + digits + "'::bytea";
    }

    /** The digits of a column of bytes, as an expression. */
    String hexOf(String column) {
        return isSqlite() ? "lower(hex(" + column + "))" : "encode(" + column + ", 'hex')";
    }

    /** Nobody can write until this is closed. */
    AutoCloseable block() throws SQLException {
        Connection connection = connection();
        try (Statement statement = connection.createStatement()) {
            if (isSqlite()) {
                statement.execute("BEGIN IMMEDIATE");
                return () -> {
                    try (connection;
                            Statement end = connection.createStatement()) {
                        end.execute("ROLLBACK");
                    }
                };
            }
            connection.setAutoCommit(false);
            statement.execute("LOCK TABLE audit_stream IN ACCESS EXCLUSIVE MODE");
            return () -> {
                try (connection) {
                    connection.rollback();
                }
            };
        }
    }

    void drop() throws SQLException {
        if (schema != null) {
            execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        }
    }
}
