package dev.mortise.security.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.redis.JedisRedis;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The contract, on what is really there. */
class ReplayStoreTest {
    @Nested
    class InMemory extends ReplayStoreContract {
        @Override
        ReplayStore open() {
            return new MemoryReplayStore();
        }

        @Override
        void close() {}
    }

    @Nested
    class InSqlite extends ReplayStoreContract {
        @TempDir
        Path directory;

        private Database database;

        @Override
        ReplayStore open() {
            SQLiteDataSource dataSource = new SQLiteDataSource();
            dataSource.setUrl("jdbc:sqlite:" + directory.resolve("calls.db"));
            database = Database.of(dataSource);
            JdbcReplayStore.migrate(database);
            return JdbcReplayStore.validate(database);
        }

        @Override
        void close() {
            database.close();
        }
    }

    @Nested
    class InPostgres extends ReplayStoreContract {
        private Database database;

        @Override
        ReplayStore open() {
            String schema = "s" + UUID.randomUUID().toString().replace("-", "");
            database = Database.of(SharedServers.postgres().dataSource(), schema, Duration.ofSeconds(10));
            return JdbcReplayStore.migrate(database);
        }

        @Override
        void close() {
            database.close();
        }
    }

    @Nested
    class InRedis extends ReplayStoreContract {
        private JedisRedis redis;

        @Override
        ReplayStore open() {
            redis = JedisRedis.connect(SharedServers.redis().uri(), Duration.ofSeconds(10));
            return RedisReplayStore.over(redis, "test-" + UUID.randomUUID());
        }

        @Override
        void close() {
            redis.close();
        }
    }

    @Test
    void memoryIsBoundedInBytes() {
        ReplayStore store = new MemoryReplayStore(10, 1_000, Ticker.system());
        ReplayStore.Terms terms = new ReplayStore.Terms(Duration.ofMinutes(1), Duration.ofMinutes(1), 10);
        store.claim("o", "1", "d", "a", terms);
        store.claim("o", "2", "d", "a", terms);
        assertThat(store.finish("o", "1", "a", "x".repeat(900), terms)).isTrue();
        assertThat(store.finish("o", "2", "a", "x".repeat(1_001), terms)).isFalse();
        assertThat(store.finish("o", "2", "a", KeptOutcome.tooLarge(), terms)).isTrue();
        assertThat(store.claim("o", "2", "d", "b", terms))
                .isEqualTo(new ReplayStore.Claim.Done(KeptOutcome.tooLarge()));
        store.claim("o", "3", "d", "a", terms);
        assertThat(store.finish("o", "3", "a", "y".repeat(900), terms)).isTrue();
        assertThat(store.claim("o", "1", "d", "b", terms))
                .as("the oldest made room")
                .isEqualTo(new ReplayStore.Claim.First());
    }

    @Test
    void whoCallsMuchForgetsItsOwn() {
        ReplayStore store = new MemoryReplayStore(3, 1_000, Ticker.system());
        ReplayStore.Terms terms = new ReplayStore.Terms(Duration.ofMinutes(1), Duration.ofMinutes(1), 10);
        store.claim("quiet", "1", "d", "a", terms);
        store.finish("quiet", "1", "a", "x".repeat(400), terms);
        for (int i = 0; i < 5; i++) {
            store.claim("busy", "k" + i, "d", "b", terms);
            assertThat(store.finish("busy", "k" + i, "b", "y".repeat(300), terms))
                    .isTrue();
        }
        assertThat(store.claim("quiet", "1", "d", "c", terms)).isEqualTo(new ReplayStore.Claim.Done("x".repeat(400)));
    }

    @Test
    void memoryIsBoundedInCallsOfAllOwners() {
        ReplayStore store = new MemoryReplayStore(2, 1_000, Ticker.system());
        ReplayStore.Terms terms = new ReplayStore.Terms(Duration.ofMinutes(1), Duration.ofMinutes(1), 10);
        store.claim("a", "1", "d", "a", terms);
        store.claim("b", "1", "d", "b", terms);
        assertThat(store.claim("c", "1", "d", "c", terms)).isEqualTo(new ReplayStore.Claim.Full());
        store.finish("b", "1", "b", "came", terms);
        assertThat(store.claim("c", "1", "d", "c", terms)).isEqualTo(new ReplayStore.Claim.First());
        assertThat(store.claim("a", "1", "d", "x", terms)).isEqualTo(new ReplayStore.Claim.Running());
    }

    @Test
    void expiredRowsAreSwept(@TempDir Path directory) {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("calls.db"));
        try (Database database = Database.of(dataSource)) {
            JdbcReplayStore store = JdbcReplayStore.migrate(database);
            ReplayStore.Terms terms = new ReplayStore.Terms(Duration.ofMillis(1), Duration.ofMillis(1), 10);
            store.claim("o", "1", "d", "a", terms);
            dev.mortise.mcp.store.Eventually.holds("it is swept", () -> {
                store.sweep();
                return database.read(
                                "Counting",
                                connection -> dev.mortise.mcp.store.jdbc.Sql.number(
                                        connection, "SELECT count(*) FROM mcp_replay"))
                        == 0;
            });
        }
    }
}
