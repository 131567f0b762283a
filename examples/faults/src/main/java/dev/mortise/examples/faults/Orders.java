package dev.mortise.examples.faults;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.json.Description;
import dev.mortise.mcp.resilience.Breaker;
import dev.mortise.mcp.resilience.Bulkhead;
import dev.mortise.mcp.resilience.FailureListener;
import dev.mortise.mcp.resilience.Guard;
import dev.mortise.mcp.resilience.Protection;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.server.Tool;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/** What depends on PostgreSQL. */
final class Orders implements McpServer.Plugin, AutoCloseable {
    record Place(@Description("What is ordered") String product) {}

    record Find(@Description("The number of the order") long number) {}

    private final HikariDataSource pool;
    private final Guard guard;

    private Orders(HikariDataSource pool, FailureListener listener) {
        this.pool = pool;
        this.guard = Guard.of(
                        "database",
                        Protection.builder()
                                .timeout(Duration.ofMillis(1_500))
                                .breaker(Breaker.after(3, 6).openFor(Duration.ofSeconds(1)))
                                // A place for each connection, and one call that waits behind it: the rest hear at
                                // once.
                                .bulkhead(Bulkhead.of(8).queue(8, Duration.ofMillis(500)))
                                .build(),
                        listener)
                .unavailableWhen(Orders::isDown);
    }

    static Orders in(String url, FailureListener listener) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setPoolName("orders");
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(1);
        // The process starts without its database, too.
        config.setInitializationFailTimeout(-1);
        config.setConnectionTimeout(1_000);
        config.setValidationTimeout(500);
        // Seconds. Interrupts end waiting calls; these are for the pool's own threads, which nobody interrupts.
        config.addDataSourceProperty("connectTimeout", "1");
        config.addDataSourceProperty("loginTimeout", "2");
        config.addDataSourceProperty("socketTimeout", "2");
        return new Orders(new HikariDataSource(config), listener);
    }

    /** No connection; or one that broke; or a server that is starting, or stopping. Everything else is our own doing. */
    private static boolean isDown(Exception e) {
        if (!(e instanceof SQLException sql)) {
            return false;
        }
        String state = sql.getSQLState() == null ? "" : sql.getSQLState();
        return sql instanceof SQLTransientConnectionException
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57P");
    }

    Guard guard() {
        return guard;
    }

    DataSource dataSource() {
        return pool;
    }

    void createTable() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS shop_order"
                    + " (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, product text NOT NULL)");
        }
    }

    @Override
    public void install(McpServerBuilder builder) {
        builder.tool(Tool.named("place_order")
                        .description("Orders a product; gives the number of the order")
                        .input(Place.class)
                        .handle((in, call) -> guard.call(() -> place(in.product()))))
                .tool(Tool.named("find_order")
                        .description("What was ordered")
                        .input(Find.class)
                        .annotations(ToolAnnotations.builder().readOnly(true).build())
                        .handle((in, call) -> guard.call(() -> find(in.number()))));
    }

    private String place(String product) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO shop_order (product) VALUES (?) RETURNING number")) {
            insert.setString(1, product);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return "Order " + row.getLong(1);
            }
        }
    }

    private String find(long number) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT product FROM shop_order WHERE number = ?")) {
            select.setLong(1, number);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getString(1) : "There is no such order.";
            }
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
