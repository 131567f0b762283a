package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.StoreUnavailable;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** A SQLite file: whose threads work on it, and what they have to do with each other. */
@Timeout(60)
class DatabaseTest {
    @TempDir
    Path directory;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.of(dataSource(), null, Duration.ofSeconds(2));
        database.write("Creating", connection -> Sql.update(connection, "CREATE TABLE t (n integer PRIMARY KEY)"));
    }

    private DataSource dataSource() {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("test.db"));
        return dataSource;
    }

    @AfterEach
    void close() {
        database.close();
    }

    private long count() {
        return database.read("Counting", connection -> Sql.number(connection, "SELECT count(*) FROM t"));
    }

    @Test
    void nativeCodeRunsOnPlatformThreadsAndOneOfThemWrites() throws Exception {
        List<Future<Thread>> writers = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 20; i++) {
                writers.add(callers.submit(() -> database.write("Looking", connection -> Thread.currentThread())));
                boolean virtual = database.read(
                        "Looking", connection -> Thread.currentThread().isVirtual());
                assertThat(virtual).isFalse();
            }
        }
        Thread writer = writers.getFirst().get();
        assertThat(writer.isVirtual()).isFalse();
        for (Future<Thread> other : writers) {
            assertThat(other.get()).isSameAs(writer);
        }
    }

    /** Those that wait together share a commit; each still stands or falls by itself. */
    @Test
    void whatFailsTakesNothingElseWithIt() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch gathered = new CountDownLatch(1);
        List<Future<Integer>> writes = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.submit(() -> database.write("Blocking", connection -> {
                blocked.countDown();
                return await(gathered);
            }));
            blocked.await();
            for (int i = 0; i < 50; i++) {
                int n = i;
                writes.add(callers.submit(() -> database.write("Writing", connection -> {
                    int changed = Sql.update(connection, "INSERT INTO t VALUES (?)", n);
                    if (n % 5 == 0) {
                        throw new IllegalStateException("on purpose");
                    }
                    // The same again: the database itself refuses it.
                    return n % 7 == 0 ? Sql.update(connection, "INSERT INTO t VALUES (?)", n) : changed;
                })));
            }
            gathered.countDown();
        }
        int well = 0;
        for (int n = 0; n < 50; n++) {
            Future<Integer> write = writes.get(n);
            if (n % 5 == 0) {
                assertThatThrownBy(write::get).hasCauseInstanceOf(IllegalStateException.class);
            } else if (n % 7 == 0) {
                assertThatThrownBy(write::get).hasCauseInstanceOf(StoreUnavailable.class);
            } else {
                assertThat(write.get()).isEqualTo(1);
                well++;
            }
        }
        assertThat(count()).isEqualTo(well);
    }

    /** It has a transaction of its own, and that is undone; the connection serves whoever comes next. */
    @Test
    void whatFailsAloneLeavesNothingBehind() {
        assertThatThrownBy(() -> database.write("Writing", connection -> {
                    Sql.update(connection, "INSERT INTO t VALUES (1)");
                    throw new IllegalStateException("on purpose");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(count()).isZero();
        assertThatThrownBy(() -> database.write("Writing", connection -> {
                    Sql.update(connection, "INSERT INTO t VALUES (2)");
                    return Sql.update(connection, "INSERT INTO t VALUES (2)");
                }))
                .isInstanceOf(StoreUnavailable.class);
        assertThat(count()).isZero();
        int changed = database.write("Writing", connection -> Sql.update(connection, "INSERT INTO t VALUES (3)"));
        assertThat(changed).isEqualTo(1);
        assertThat(count()).isEqualTo(1);
    }

    private static boolean await(CountDownLatch latch) throws SQLException {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }

    @Test
    void nobodyWaitsForLongerThanTheTimeout() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> slow = callers.submit(() -> database.write("Slow", connection -> await(end)));
            assertThatThrownBy(slow::get).hasCauseInstanceOf(StoreUnavailable.class);
            assertThatThrownBy(() -> database.write(
                            "Behind it", connection -> Sql.update(connection, "INSERT INTO t VALUES (1)")))
                    .isInstanceOf(StoreUnavailable.class)
                    .hasMessage("Behind it took longer than 2000 ms in the database");
            end.countDown();
        }
        int written = database.write("After it", connection -> Sql.update(connection, "INSERT INTO t VALUES (2)"));
        assertThat(written).isEqualTo(1);
        assertThat(count())
                .as("what was given up before its turn is not done later")
                .isEqualTo(1);
    }

    @Test
    void aClosedDatabaseSaysSo() {
        database.close();
        assertThatThrownBy(this::count).isInstanceOf(StoreUnavailable.class);
    }

    /** As {@code kill -9} of the server: what it had acknowledged is in the file. */
    @Test
    void aKilledProcessLosesNothingThatItAcknowledged() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        directory.resolve("killed.db").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> acknowledged = new ArrayList<>();
        try (var out = writer.inputReader()) {
            for (int i = 0; i < 300; i++) {
                acknowledged.add(out.readLine());
            }
            writer.toHandle().destroyForcibly();
            out.lines().filter(line -> line.endsWith(".")).forEach(acknowledged::add);
        }
        assertThat(writer.waitFor(10, TimeUnit.SECONDS)).isTrue();
        SQLiteDataSource file = new SQLiteDataSource();
        file.setUrl("jdbc:sqlite:" + directory.resolve("killed.db"));
        try (JdbcStores stores = JdbcStores.of(file).validate()) {
            assertThat(acknowledged)
                    .doesNotContainNull()
                    .hasSizeGreaterThanOrEqualTo(300)
                    .noneMatch(id -> stores.pendingInputs().claim(id, Instant.now()));
        }
    }

    /** Says what was acknowledged, until it is killed. */
    static final class Writer {
        public static void main(String[] args) {
            SQLiteDataSource file = new SQLiteDataSource();
            file.setUrl("jdbc:sqlite:" + args[0]);
            try (JdbcStores stores = JdbcStores.of(file).migrate()) {
                var store = stores.pendingInputs();
                for (int i = 0; i < 1_000_000; i++) {
                    String id = i + ".";
                    if (store.claim(id, Instant.now())) {
                        System.out.println(id);
                    }
                }
            }
        }
    }
}
