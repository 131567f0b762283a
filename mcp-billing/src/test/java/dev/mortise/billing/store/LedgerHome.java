package dev.mortise.billing.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.mcp.store.jdbc.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/** A SQLite file, or a schema of a PostgreSQL server. Each store that it gives is what another replica would have. */
public final class LedgerHome implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String url;
    private final @Nullable String schema;
    private final List<AutoCloseable> open = new ArrayList<>();

    private LedgerHome(String url, @Nullable String schema) {
        this.url = url;
        this.schema = schema;
    }

    public static LedgerHome sqlite(Path directory) {
        return new LedgerHome("jdbc:sqlite:" + directory.resolve("ledger.db"), null);
    }

    public static LedgerHome postgres() {
        return postgres(SharedServers.postgres().port());
    }

    public static LedgerHome postgres(TestPostgres server) {
        return postgres(server.port());
    }

    public static LedgerHome postgres(int port) {
        return new LedgerHome(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres",
                "ledger_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet());
    }

    /** As another process gets to know it. */
    public static LedgerHome of(String url, String schema) {
        return new LedgerHome(url, schema.isEmpty() ? null : schema);
    }

    public String url() {
        return url;
    }

    public String schema() {
        return schema == null ? "" : schema;
    }

    public DataSource dataSource() {
        if (schema == null) {
            SQLiteDataSource dataSource = new SQLiteDataSource();
            dataSource.setUrl(url);
            return dataSource;
        }
        PGSimpleDataSource plain = new PGSimpleDataSource();
        plain.setUrl(url);
        HikariConfig config = new HikariConfig();
        config.setDataSource(plain);
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        HikariDataSource pool = new HikariDataSource(config);
        open.add(pool);
        return pool;
    }

    public JdbcLedgerStore.Setup setup() {
        JdbcLedgerStore.Setup setup = JdbcLedgerStore.in(dataSource());
        return schema == null ? setup : setup.schema(schema);
    }

    public JdbcLedgerStore store() {
        return store(Durability.WRITTEN);
    }

    public JdbcLedgerStore store(Durability durability) {
        JdbcLedgerStore store = setup().durability(durability).migrate();
        open.add(store);
        return store;
    }

    /** Closes what was given out; what is stored stays. */
    public void restart() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        open.clear();
    }

    @Override
    public void close() throws Exception {
        if (schema != null) {
            try (Connection connection = dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        }
        restart();
    }
}
