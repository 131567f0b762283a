package dev.mortise.rag.store.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.jdbc.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;

/** A schema of its own in a PostgreSQL that others use too; gone in the end. */
public final class RagHome implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    public final String schema =
            "rag_" + UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    private final HikariDataSource pool;

    private RagHome(DataSource dataSource, int connections) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(0);
        this.pool = new HikariDataSource(config);
    }

    public static RagHome postgres() {
        return new RagHome(SharedServers.postgres().dataSource(), 10);
    }

    public static RagHome pgBouncer() {
        return new RagHome(SharedServers.pgBouncer().dataSource(), 10);
    }

    static RagHome over(DataSource dataSource, int connections) {
        return new RagHome(dataSource, connections);
    }

    public DataSource dataSource() {
        return pool;
    }

    public PostgresChunkStore.Builder store() {
        return PostgresChunkStore.over(pool).schema(schema);
    }

    Tables tables() {
        try (Database database = Database.of(pool, schema, TIMEOUT)) {
            return Tables.of(database);
        }
    }

    /** How the database means to answer it. */
    String plan(String settings, Query query) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            List<String> lines = Query.of(settings + "EXPLAIN ").add(query).list(connection, row -> row.getString(1));
            connection.rollback();
            return String.join("\n", lines);
        }
    }

    List<Long> numbers(String sql) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            return Query.of(sql).list(connection, row -> row.getLong(1));
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        try {
            execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        } finally {
            pool.close();
        }
    }
}
