package dev.mortise.security.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.resilience.Ticker;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.redis.JedisRedis;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import redis.clients.jedis.RedisClient;

@Timeout(60)
class RedisRateStoreTest {
    private final String prefix = "test-" + UUID.randomUUID();
    private JedisRedis redis;
    private RedisClient client;
    private RateStore store;

    @BeforeEach
    void connect() {
        redis = JedisRedis.connect(SharedServers.redis().uri(), Duration.ofSeconds(10));
        client = RedisClient.create(SharedServers.redis().uri());
        store = RedisRateStore.over(redis, prefix);
    }

    @AfterEach
    void disconnect() {
        client.close();
        redis.close();
    }

    private static RateStore.Charge charge(String window, Rate rate, String key, long cost) {
        return new RateStore.Charge(window, rate, key, cost);
    }

    @Test
    void answersAsTheStoreInMemory() {
        Rate rate = Rate.perDay(5);
        Rate other = Rate.perDay(3);
        RateStore memory = new MemoryRateStore(512, Ticker.system());
        for (long cost : new long[] {1, 2, 3, 1, 1, Long.MAX_VALUE, 1}) {
            List<RateStore.Charge> charges = List.of(charge("a", rate, "k", cost), charge("b", other, "k\0ü", 1));
            RateStore.Verdict here = memory.take(charges);
            RateStore.Verdict there = store.take(charges);
            assertThat(there.admitted()).isEqualTo(here.admitted());
            for (int i = 0; i < 2; i++) {
                assertThat(there.standings().get(i).remaining())
                        .isEqualTo(here.standings().get(i).remaining());
                // Redis counts from its own time, some milliseconds later or earlier, in whole microseconds.
                assertThat(there.standings().get(i).retryNanos())
                        .isCloseTo(
                                here.standings().get(i).retryNanos(),
                                org.assertj.core.data.Offset.offset(
                                        Duration.ofSeconds(20).toNanos()));
            }
        }
    }

    @Test
    void whatWasTakenComesBackAndTheKeyGoes() {
        Rate rate = new Rate(1, Duration.ofMillis(300), 1);
        List<RateStore.Charge> charges = List.of(charge("w", rate, "k", 1));
        assertThat(store.take(charges).admitted()).isTrue();
        assertThat(client.keys("*" + prefix + "*")).hasSize(1);
        assertThat(client.keys("*" + prefix + "*").iterator().next()).startsWith("{" + prefix + ":limit}:");
        Eventually.holds(
                "the key is gone", () -> client.keys("*" + prefix + "*").isEmpty());
        assertThat(store.take(charges).admitted()).isTrue();
    }

    /** As EVALSHA counts, however many windows there are. */
    @Test
    void isOneRoundTrip() {
        List<RateStore.Charge> charges = List.of(
                charge("a", Rate.perDay(1_000), "k", 1),
                charge("b", Rate.perDay(1_000), "k", 1),
                charge("c", Rate.perDay(1_000), "k", 1));
        store.take(charges);
        long before = commands();
        for (int i = 0; i < 100; i++) {
            assertThat(store.take(charges).admitted()).isTrue();
        }
        // Others use this server too, and at the same time only in other tests of this JVM.
        assertThat(commands() - before).isEqualTo(100);
    }

    /** How often this client's scripts were asked for; INFO itself is another command. */
    private long commands() {
        String stats = client.info("commandstats");
        return stats.lines()
                .filter(line -> line.startsWith("cmdstat_evalsha:") || line.startsWith("cmdstat_eval:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll(".*:calls=(\\d+),.*", "$1")))
                .sum();
    }

    @Test
    void aClockThatWasSetBackShutsNobodyOutForLong() {
        Rate rate = Rate.perMinute(2);
        List<RateStore.Charge> charges = List.of(charge("w", rate, "k", 1));
        client.set("{" + prefix + ":limit}:w:k", Long.toString((System.currentTimeMillis() + 86_400_000) * 1000));
        RateStore.Verdict verdict = store.take(charges);
        assertThat(verdict.admitted()).isFalse();
        assertThat(verdict.standings().getFirst().retryNanos())
                .isLessThanOrEqualTo(Duration.ofSeconds(30).toNanos());
    }
}
