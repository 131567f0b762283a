package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.StoredSession;
import dev.mortise.mcp.store.StoredTask;
import dev.mortise.mcp.store.TaskStatus;
import dev.mortise.mcp.store.TaskStore;
import dev.mortise.mcp.store.TestPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Through a real PgBouncer that gives each transaction whatever connection is free, in a version that knows nothing of
 * prepared statements. Where it is not installed this says so; {@code MORTISE_REQUIRE_PGBOUNCER=1} makes that a failure.
 */
@Timeout(120)
class PgBouncerTest {
    @TempDir
    Path directory;

    @Test
    void everythingWorksInTransactionPooling() throws Exception {
        Path executable = executable();
        try (TestPostgres server = TestPostgres.start()) {
            int port = freePort();
            Process bouncer = start(executable, server.port(), port);
            try {
                Eventually.holds("PgBouncer listens", () -> listens(port));
                work(port);
                assertThat(bouncer.isAlive()).isTrue();
                assertNothingStays(server);
            } finally {
                bouncer.destroy();
                bouncer.waitFor(10, TimeUnit.SECONDS);
            }
        }
    }

    private static Path executable() {
        Optional<Path> found = Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin"))
                .map(entry -> Path.of(entry, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty() && "1".equals(System.getenv("MORTISE_REQUIRE_PGBOUNCER"))) {
            fail("PgBouncer is not installed");
        }
        return found.orElseGet(() -> abort("PgBouncer is not installed: this test was not run"));
    }

    private Process start(Path executable, int serverPort, int port) throws IOException {
        Path config = directory.resolve("pgbouncer.ini");
        Files.writeString(config, """
                [databases]
                postgres = host=127.0.0.1 port=%d user=postgres
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = 3
                ignore_startup_parameters = extra_float_digits
                """.formatted(serverPort, port));
        // It refuses to run as root, and its new user has to read this.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> command = new ArrayList<>(List.of(executable.toString(), config.toString()));
        if (System.getProperty("user.name").equals("root")) {
            command.addAll(1, List.of("-u", "nobody"));
        }
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static boolean listens(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        }
    }

    private static HikariDataSource pool(int port) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setServerNames(new String[] {"127.0.0.1"});
        dataSource.setPortNumbers(new int[] {port});
        dataSource.setDatabaseName("postgres");
        dataSource.setUser("postgres");
        HikariConfig config = new HikariConfig();
        config.setDataSource(dataSource);
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

    private static void work(int port) throws Exception {
        Instant end = Instant.now().plus(Duration.ofMinutes(10));
        List<Future<?>> replicas = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int r = 0; r < 4; r++) {
                String replica = "r" + r;
                replicas.add(threads.submit(() -> {
                    try (HikariDataSource pool = pool(port);
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
