package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** PostgreSQL dies, hangs, and comes back. */
@Timeout(120)
class PostgresOutageTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Instant soon = Instant.now().plus(Duration.ofMinutes(10));
    private TestPostgres server;
    private HikariDataSource pool;
    private JdbcStores stores;

    @BeforeEach
    void start() {
        server = TestPostgres.start();
        pool = pool();
        stores = JdbcStores.of(pool)
                .timeout(TIMEOUT)
                .pollInterval(Duration.ofMillis(50))
                .migrate();
    }

    private HikariDataSource pool() {
        HikariConfig config = new HikariConfig();
        config.setDataSource(server.dataSource());
        config.setMaximumPoolSize(4);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(1_000);
        return new HikariDataSource(config);
    }

    @AfterEach
    void stop() {
        stores.close();
        pool.close();
        server.close();
    }

    @Test
    void nothingAcknowledgedIsLostByKillingItInTheMiddle() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        List<String> acknowledged = new CopyOnWriteArrayList<>();
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger failures = new AtomicInteger();
        List<Future<?>> writers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int w = 0; w < 4; w++) {
                int writer = w;
                writers.add(threads.submit(() -> {
                    for (int i = 0; going.get(); i++) {
                        try {
                            if (store.claim(writer + "-" + i, soon)) {
                                acknowledged.add(writer + "-" + i);
                            }
                        } catch (StoreUnavailable e) {
                            failures.incrementAndGet();
                        }
                    }
                }));
            }
            Eventually.holds("much is written", () -> acknowledged.size() > 200);
            server.kill();
            Eventually.holds("it is noticed", () -> failures.get() > 0);
            int before = acknowledged.size();
            server.startAgain();
            Eventually.holds("writing goes on by itself", () -> acknowledged.size() > before + 200);
            going.set(false);
        }
        for (Future<?> writer : writers) {
            writer.get();
        }
        assertThat(acknowledged).noneMatch(id -> store.claim(id, soon));
    }

    @Test
    void whileItHangsOperationsFailInTimeAndThenTheyWork() throws Exception {
        PendingInputStore store = stores.pendingInputs();
        assertThat(store.claim("before", soon)).isTrue();
        server.freeze();
        try {
            for (int i = 0; i < 2; i++) {
                long start = System.nanoTime();
                assertThatThrownBy(() -> store.claim("meanwhile", soon)).isInstanceOf(StoreUnavailable.class);
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(TIMEOUT.plusSeconds(1));
            }
        } finally {
            server.thaw();
        }
        Eventually.holds("it works again", () -> store.claim("after", soon));
        assertThat(store.claim("before", soon)).isFalse();
    }

    /** The table remembers what nobody could read meanwhile. */
    @Test
    void eventsOfAnOutageAreHeardAfterIt() throws Exception {
        List<ServerEvent> heard = new CopyOnWriteArrayList<>();
        try (HikariDataSource otherPool = pool();
                JdbcStores others = JdbcStores.of(otherPool)
                        .timeout(TIMEOUT)
                        .pollInterval(Duration.ofMillis(50))
                        .validate()) {
            others.serverEvents().subscribe(heard::add);
            Eventually.holds("connected", () -> {
                stores.serverEvents().toolsChanged();
                return heard.contains(new ServerEvent.ToolsChanged());
            });
            heard.clear();
            server.kill();
            stores.serverEvents().resourceUpdated("test:///during");
            server.startAgain();
            Eventually.holds("heard", () -> heard.contains(new ServerEvent.ResourceUpdated("test:///during")));
            assertThat(heard).doesNotContain(new ServerEvent.Missed());
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidPlainly() throws Exception {
        server.kill();
        assertThatThrownBy(() -> JdbcStores.of(pool).timeout(TIMEOUT).migrate())
                .isInstanceOf(StoreUnavailable.class)
                .hasMessageContaining("Opening the database");
        server.startAgain();
    }
}
