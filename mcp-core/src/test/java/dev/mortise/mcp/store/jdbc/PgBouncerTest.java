package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.StoredSession;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.store.TestPgBouncer;
import dev.mortise.mcp.store.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Four replicas through a PgBouncer that gives each transaction whatever connection is free. */
@Timeout(120)
class PgBouncerTest {
    @Test
    void everythingWorksInTransactionPooling() throws Exception {
        try (TestPostgres server = TestPostgres.start();
                TestPgBouncer bouncer = TestPgBouncer.before(server)) {
            work(bouncer);
            assertThat(bouncer.isAlive()).isTrue();
            assertNothingStays(server);
        }
    }

    private static HikariDataSource pool(TestPgBouncer bouncer) {
        HikariConfig config = new HikariConfig();
        config.setDataSource(bouncer.dataSource());
        config.setMaximumPoolSize(10);
        return new HikariDataSource(config);
    }

    /** The life of one task, while others do the same. */
    private static void tasks(JdbcStores stores, String id, Instant end) {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        StoredTask task = new StoredTask(
                id,
                1,
                "owner",
                TaskStatus.WORKING,
                now,
                now,
                end,
                new StoredTask.Lease("worker", now.minusSeconds(1)),
                "{}");
        assertThat(stores.tasks().insert(task, 1_000, 1_000)).isEqualTo(TaskStore.Insertion.ADDED);
        assertThat(stores.tasks().find(id)).isPresent();
        assertThat(stores.tasks().overdue(now, 1_000))
                .extracting(StoredTask::id)
                .contains(id);
        StoredTask done = new StoredTask(id, 2, "owner", TaskStatus.COMPLETED, now, now, end, null, "{\"done\":1}");
        assertThat(stores.tasks().replace(done)).isTrue();
        assertThat(stores.tasks().replace(done)).isFalse();
        assertThat(stores.tasks().ofOwner("owner", null, 1_000))
                .extracting(StoredTask::id)
                .contains(id);
        assertThat(stores.tasks().remove(id, 2)).isTrue();
    }

    private static void work(TestPgBouncer bouncer) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(10));
        List<Future<?>> replicas = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int r = 0; r < 4; r++) {
                String replica = "r" + r;
                replicas.add(threads.submit(() -> {
                    try (HikariDataSource pool = pool(bouncer);
                            JdbcStores stores =
                                    JdbcStores.of(pool).schema("pooled").migrate()) {
                        for (int i = 0; i < 40; i++) {
                            String id = replica + "-" + i;
                            byte[] content = id.getBytes();
                            assertThat(stores.pendingInputs().claim(id, end)).isTrue();
                            tasks(stores, id, end);
                            assertThat(stores.sessions().create(new StoredSession(id, id, "group", 1, content, end)))
                                    .isTrue();
                            assertThat(stores.sessions().touch(id, end)).isTrue();
                            assertThat(stores.sessions().find(id)).isPresent();
                            stores.events().append("shared", "s", content, end);
                            assertThat(stores.events().read("shared", "s", 0, 10))
                                    .isNotEmpty();
                            stores.serverEvents().resourceUpdated("test:///" + id);
                        }
                    }
                    return null;
                }));
            }
        }
        for (Future<?> replica : replicas) {
            replica.get();
        }
    }

    /** On the connections of the server nothing of ours is left behind for whoever gets them next. */
    private static void assertNothingStays(TestPostgres server) throws Exception {
        try (Connection connection = server.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet locks = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")) {
            assertThat(locks.next()).isTrue();
            assertThat(locks.getInt(1)).isZero();
        }
    }
}
