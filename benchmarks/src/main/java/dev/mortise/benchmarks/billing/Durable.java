package dev.mortise.benchmarks.billing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.benchmarks.TemporaryFolder;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** An empty database that waits for its disk where it is asked to, and is gone when this is closed. */
final class Durable implements AutoCloseable {
    /** What {@link #of} knows. */
    static final List<String> NAMES = List.of("sqlite", "postgres");

    private final String name;
    private final Path directory;
    private final DataSource dataSource;
    private final @Nullable EmbeddedPostgres server;

    private Durable(String name, Path directory, DataSource dataSource, @Nullable EmbeddedPostgres server) {
        this.name = name;
        this.directory = directory;
        this.dataSource = dataSource;
        this.server = server;
    }

    static Durable of(String name) throws IOException {
        return switch (name) {
            case "sqlite" -> sqlite();
            case "postgres" -> postgres();
            default -> throw new IllegalArgumentException("There are " + NAMES + ", and not " + name);
        };
    }

    static Durable sqlite() throws IOException {
        Path directory = Files.createTempDirectory("billing");
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + directory.resolve("ledger.db"));
        return new Durable("sqlite", directory, file, null);
    }

    /** A real one, unlike in the tests with {@code fsync} and {@code full_page_writes}. */
    static Durable postgres() throws IOException {
        Path directory = Files.createTempDirectory("billing");
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve("data"))
                .setServerConfig("fsync", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("synchronous_commit", "on")
                .start();
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.getPostgresDatabase());
        config.setMaximumPoolSize(8);
        return new Durable("postgres", directory, new HikariDataSource(config), server);
    }

    String name() {
        return name;
    }

    DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() throws IOException {
        if (dataSource instanceof HikariDataSource pool) {
            pool.close();
        }
        if (server != null) {
            server.close();
        }
        TemporaryFolder.delete(directory);
    }
}
