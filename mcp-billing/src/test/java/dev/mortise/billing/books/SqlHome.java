package dev.mortise.billing.books;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.jdbc.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** A SQLite file, or a schema of a PostgreSQL server that the tests share. */
public final class SqlHome implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Supplier<DataSource> source;
    private final @Nullable String schema;
    private final List<AutoCloseable> open = new ArrayList<>();

    private SqlHome(Supplier<DataSource> source, @Nullable String schema) {
        this.source = source;
        this.schema = schema;
    }

    public static DataSource sqliteFile(Path file) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + file);
        return dataSource;
    }

    public static SqlHome sqlite(Path directory) {
        return new SqlHome(() -> sqliteFile(directory.resolve("books.db")), null);
    }

    public static SqlHome postgres() {
        return postgres(SharedServers.postgres().dataSource());
    }

    /** In transaction pooling. */
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
                "books_" + ProcessHandle.current().pid() + "_" + COUNT.incrementAndGet());
    }

    /** Another replica. */
    public Books books(UnaryOperator<Books.Setup> setup) {
        DataSource dataSource = source.get();
        if (dataSource instanceof AutoCloseable closeable) {
            open.add(closeable);
        }
        Books.Setup plain = Books.sql(dataSource);
        Books books = setup.apply(schema == null ? plain : plain.schema(schema)).migrate();
        open.add(books);
        return books;
    }

    /** Somebody with SQL of their own. */
    public void execute(String sql) throws SQLException {
        DataSource direct =
                schema == null ? source.get() : SharedServers.postgres().dataSource();
        try (Connection connection = direct.getConnection();
                Statement statement = connection.createStatement()) {
            if (schema != null) {
                statement.execute("SET search_path TO " + schema);
            }
            statement.execute(sql);
        }
    }

    /** A transaction over the same tables that is somebody else's. */
    public interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** Runs it, and rolls it back when it fails. */
    public boolean isRolledBack(Work work) {
        try (Database database = Database.of(source.get(), schema, Duration.ofSeconds(5))) {
            database.write("Testing", connection -> {
                work.run(connection);
                return true;
            });
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        if (schema != null) {
            try (Connection connection = SharedServers.postgres().dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
            }
        }
    }
}
