package dev.mortise.billing.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.store.ChildJvm;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.TestPostgres;
import dev.mortise.mcp.store.TestRedis;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two processes that count in one Redis, and what is killed under them. */
@Timeout(180)
class RedisKillTest {
    private static final int THREADS = 6;

    @TempDir
    Path directory;

    private final Set<String> acknowledged = new HashSet<>();
    private int unclear;

    private ChildJvm spender(LedgerHome home, TestRedis redis, String name) throws IOException {
        ChildJvm child = ChildJvm.start(
                RedisSpender.class,
                directory.resolve(name),
                home.url(),
                home.schema(),
                redis.uri().toString(),
                "kill",
                Integer.toString(THREADS));
        assertThat(child.line()).contains("ready");
        return child;
    }

    /** Reads on until so many more are acknowledged. */
    private void acknowledge(ChildJvm child, int more) throws IOException {
        for (int i = 0; i < more; ) {
            i += add(child.line().orElseThrow()) ? 1 : 0;
        }
    }

    private void rest(ChildJvm child) throws IOException {
        for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
            add(line.get());
        }
    }

    private boolean add(String line) {
        if (line.equals("?")) {
            unclear++;
            return false;
        }
        return line.equals("stopped") || acknowledged.add(line);
    }

    private Set<String> booked(LedgerStore sql) {
        Set<String> booked = new HashSet<>();
        for (int t = 0; t < 3; t++) {
            UsageQuery query =
                    UsageQuery.of("tenant-" + t, OnePlan.METER, OnePlan.PERIOD.start(), OnePlan.PERIOD.end());
            long after = 0;
            for (var page = sql.entries(query, 10_000);
                    !page.isEmpty();
                    page = sql.entries(query.after(after), 10_000)) {
                page.forEach(entry -> assertThat(booked.add(entry.id())).isTrue());
                after = page.getLast().position();
            }
        }
        return booked;
    }

    @Test
    void whatAProcessHadOnlyInRedisIsWrittenByAnother() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                TestRedis redis = TestRedis.start();
                LedgerHome home = LedgerHome.postgres(postgres)) {
            LedgerStore sql = home.store();
            try (ChildJvm doomed = spender(home, redis, "doomed")) {
                acknowledge(doomed, 300);
                postgres.freeze();
                acknowledge(doomed, 100);
                doomed.kill();
                rest(doomed);
                postgres.thaw();
            }
            try (Replica heir = new Replica(
                    home.setup().migrate(), redis.uri(), "kill", WhenRedisIsGone.SQL, 1_000_000_000, Replica.SHORT)) {
                Eventually.holds("nothing is lost", () -> booked(sql).containsAll(acknowledged));
            }
            assertThat(booked(sql).size() - acknowledged.size()).isBetween(0, THREADS + unclear);
            assertThat(sql.verify()).isEmpty();
        }
    }

    @Test
    void nothingIsLostWithRedis() throws Exception {
        try (TestPostgres postgres = TestPostgres.start();
                TestRedis redis = TestRedis.start();
                LedgerHome home = LedgerHome.postgres(postgres)) {
            LedgerStore sql = home.store();
            try (ChildJvm one = spender(home, redis, "one");
                    ChildJvm two = spender(home, redis, "two")) {
                acknowledge(one, 300);
                acknowledge(two, 300);
                redis.kill();
                acknowledge(one, 300);
                acknowledge(two, 300);
                redis.startAgain();
                acknowledge(one, 300);
                acknowledge(two, 300);
                one.tell("stop");
                two.tell("stop");
                rest(one);
                rest(two);
                one.ended();
                two.ended();
            }
            Set<String> booked = booked(sql);
            assertThat(booked).containsAll(acknowledged);
            assertThat(booked.size() - acknowledged.size()).isBetween(0, unclear);
            assertThat(sql.verify()).isEmpty();
        }
    }
}
