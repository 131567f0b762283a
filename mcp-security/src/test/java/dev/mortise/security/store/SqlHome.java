package dev.mortise.security.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** A SQLite file, or a schema of a PostgreSQL server that the tests share. */
public final class SqlHome implements Home {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Supplier<DataSource> source;
    private final @Nullable String schema;
    private final List<AutoCloseable> open = new ArrayList<>();

    private SqlHome(Supplier<DataSource> source, @Nullable String schema) {
        this.source = source;
        this.schema = schema;
    }

    public static SqlHome sqlite(Path directory) {
        return new SqlHome(
                () -> {
                    SQLiteDataSource dataSource = new SQLiteDataSource();
                    dataSource.setUrl("jdbc:sqlite:" + directory.resolve("security.db"));
                    return dataSource;
                },
                null);
    }

    public static SqlHome postgres() {
        return postgres(SharedServers.postgres().dataSource());
    }

    public static SqlHome pgBouncer() {
        return postgres(SharedServers.pgBouncer().dataSource());
    }

    private static SqlHome postgres(DataSource server) {
        return new SqlHome(
                () -> {
                    HikariConfig config = new HikariConfig();
                    config.setDataSource(server);
                    config.setMaximumPoolSize(8);
                    config.setMinimumIdle(0);
                    return new HikariDataSource(config);
                },
                "security_" + COUNT.incrementAndGet());
    }

    @Override
    public SecurityStores stores() {
        DataSource dataSource = source.get();
        if (dataSource instanceof AutoCloseable closeable) {
            open.add(closeable);
        }
        SecurityStores.Setup setup = SecurityStores.sql(dataSource);
        SecurityStores stores = (schema == null ? setup : setup.schema(schema)).migrate();
        open.add(stores);
        return stores;
    }

    @Override
    public void restart() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        open.clear();
    }

    @Override
    public void close() throws Exception {
        restart();
        if (schema != null) {
            try (Connection connection = SharedServers.postgres().dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        }
    }
}
