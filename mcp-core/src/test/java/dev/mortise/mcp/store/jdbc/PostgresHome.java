package dev.mortise.mcp.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A schema in a PostgreSQL server that the tests share. */
public final class PostgresHome extends JdbcHome {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final TestPostgres server;
    private final String schema = "stores_" + COUNT.incrementAndGet();

    public PostgresHome(TestPostgres server) {
        this.server = server;
    }

    @Override
    DataSource dataSource() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource());
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(TIMEOUT.toMillis());
        return given(new HikariDataSource(config));
    }

    @Override
    String schema() {
        return schema;
    }

    @Override
    public void restart() throws Exception {
        closeAll();
        server.restart();
    }

    @Override
    public void close() throws Exception {
        super.close();
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
        }
    }
}
