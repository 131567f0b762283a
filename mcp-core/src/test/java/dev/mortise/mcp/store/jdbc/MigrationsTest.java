package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.TestPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

@Timeout(60)
class MigrationsTest {
    private static TestPostgres postgres;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        postgres = TestPostgres.start();
    }

    @AfterAll
    static void stop() {
        postgres.close();
    }

    private DataSource sqlite(String name) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve(name));
        return dataSource;
    }

    private static void execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    private List<JdbcStores.Setup> fresh(String name) {
        return List.of(
                JdbcStores.of(sqlite(name)),
                JdbcStores.of(postgres.dataSource()).schema(name));
    }

    @Test
    void replicasThatStartAtTheSameTimeDoItOnce() throws Exception {
        for (int round = 0; round < 3; round++) {
            String name = "together_" + round;
            for (DataSource dataSource : List.of(sqlite(name), postgres.dataSource())) {
                CyclicBarrier start = new CyclicBarrier(6);
                List<Future<JdbcStores>> replicas = new ArrayList<>();
                try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < 6; i++) {
                        JdbcStores.Setup setup = JdbcStores.of(dataSource);
                        JdbcStores.Setup placed = dataSource instanceof SQLiteDataSource ? setup : setup.schema(name);
                        replicas.add(threads.submit(() -> {
                            start.await();
                            return placed.migrate();
                        }));
                    }
                }
                for (Future<JdbcStores> replica : replicas) {
                    replica.get().close();
                }
            }
        }
    }

    @Test
    void validateChangesNothingAndSaysWhatIsMissing() {
        for (JdbcStores.Setup setup : fresh("validated")) {
            assertThatThrownBy(setup::validate)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("001-pending-inputs-and-changes")
                    .hasMessageContaining("script()");
            assertThatThrownBy(setup::validate).isInstanceOf(IllegalStateException.class);
            setup.migrate().close();
            setup.validate().close();
            setup.migrate().close();
        }
    }

    @Test
    void theScriptDoesByHandWhatMigrateDoes() throws Exception {
        DataSource file = sqlite("by_hand");
        for (String statement : JdbcStores.of(file).script().split(";\n")) {
            // Statement by statement, as its command line does.
            if (!statement.isBlank() && !statement.contains("BEGIN") && !statement.contains("COMMIT")) {
                execute(file, statement);
            }
        }
        JdbcStores.of(file).validate().close();

        execute(postgres.dataSource(), "CREATE SCHEMA by_hand");
        JdbcStores.Setup setup = JdbcStores.of(postgres.dataSource()).schema("by_hand");
        execute(postgres.dataSource(), setup.script());
        try (JdbcStores stores = setup.validate()) {
            assertThat(stores.pendingInputs().claim("a", Instant.now())).isTrue();
        }
    }

    @Test
    void aMigrationThatWasChangedLaterIsNoticed() throws Exception {
        JdbcStores.of(sqlite("changed")).migrate().close();
        execute(sqlite("changed"), "UPDATE mcp_migrations SET checksum = 'other' WHERE version = 2");
        for (JdbcStores.Setup setup : List.of(JdbcStores.of(sqlite("changed")))) {
            assertThatThrownBy(setup::validate)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("002-sessions");
            assertThatThrownBy(setup::migrate).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aDatabaseThatIsFurtherOnIsAccepted() throws Exception {
        JdbcStores.of(sqlite("newer")).migrate().close();
        execute(sqlite("newer"), "INSERT INTO mcp_migrations VALUES (99, 'later', 'x', 0)");
        JdbcStores.of(sqlite("newer")).validate().close();
        JdbcStores.of(sqlite("newer")).migrate().close();
    }

    /** The user of the application may use the schema, and nothing more. */
    @Test
    void aSchemaThatSomebodyElseMadeIsEnough() throws Exception {
        DataSource owner = postgres.dataSource();
        JdbcStores.of(owner).schema("granted").migrate().close();
        execute(
                owner,
                "CREATE ROLE app LOGIN; GRANT USAGE ON SCHEMA granted TO app;"
                        + " GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA granted TO app");
        try (JdbcStores stores =
                JdbcStores.of(postgres.dataSource("app")).schema("granted").validate()) {
            assertThat(stores.pendingInputs().claim("a", Instant.now())).isTrue();
        }
        assertThatThrownBy(() -> JdbcStores.of(postgres.dataSource("app"))
                        .schema("not_granted")
                        .migrate())
                .isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void aTableThatIsNotThereIsTheTypedException() throws Exception {
        try (JdbcStores stores = JdbcStores.of(sqlite("dropped")).migrate()) {
            execute(sqlite("dropped"), "DROP TABLE mcp_used_state");
            assertThatThrownBy(() -> stores.pendingInputs().claim("a", Instant.now()))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessageContaining("Using up a request state");
        }
    }

    @Test
    void whatCannotWorkIsRefusedAtOnce() {
        SQLiteDataSource memory = new SQLiteDataSource();
        memory.setUrl("jdbc:sqlite::memory:");
        assertThatThrownBy(() -> JdbcStores.of(memory).migrate())
                .isInstanceOf(StoreUnavailable.class)
                .hasStackTraceContaining("give a file");
        assertThatThrownBy(() -> JdbcStores.of(sqlite("x")).schema("s").migrate())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SQLite has no schemas");
        assertThatThrownBy(() -> JdbcStores.of(postgres.dataSource())
                        .schema("a; DROP TABLE b")
                        .migrate())
                .isInstanceOf(IllegalArgumentException.class);
    }
}
