package dev.mortise.billing.payment;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.billing.books.Books;
import dev.mortise.billing.store.JdbcLedgerStore;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.jdbc.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** A database of its own: a SQLite file, or a schema of the PostgreSQL server that the tests share. */
public record PaymentHome(
        Database database,
        DataSource dataSource,
        @Nullable HikariDataSource pool,
        @Nullable String schema) implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    public static PaymentHome sqlite(Path directory) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("payment.db"));
        return new PaymentHome(Database.of(dataSource), dataSource, null, null);
    }

    public static PaymentHome postgres() throws SQLException {
        return over(SharedServers.postgres().dataSource());
    }

    /** PostgreSQL in transaction pooling. */
    public static PaymentHome pgBouncer() throws SQLException {
        return over(SharedServers.pgBouncer().dataSource());
    }

    private static PaymentHome over(DataSource server) throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        HikariDataSource pool = new HikariDataSource(config);
        String schema = "payment_" + COUNT.incrementAndGet();
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA " + schema);
        }
        return new PaymentHome(Database.of(pool, schema, Duration.ofSeconds(10)), pool, pool, schema);
    }

    /** Until a statement waits for another transaction's lock. In SQLite whoever writes waits without a word. */
    public void untilSomebodyWaits() {
        if (schema != null) {
            Eventually.holds("a lock is waited for", () -> {
                try (Connection connection = dataSource.getConnection();
                        Statement statement = connection.createStatement();
                        ResultSet found = statement.executeQuery("SELECT count(*) FROM pg_stat_activity"
                                + " WHERE wait_event_type = 'Lock' AND query LIKE '%" + schema + "%'")) {
                    return found.next() && found.getLong(1) > 0;
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
        }
    }

    /** Books in the same database. */
    public Books.Setup books() {
        Books.Setup setup = Books.sql(dataSource);
        return schema == null ? setup : setup.schema(schema);
    }

    /** A ledger in the same database. */
    public JdbcLedgerStore.Setup ledger() {
        JdbcLedgerStore.Setup setup = JdbcLedgerStore.in(dataSource);
        return schema == null ? setup : setup.schema(schema);
    }

    @Override
    public void close() throws Exception {
        database.close();
        if (pool != null) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
            pool.close();
        }
    }
}
