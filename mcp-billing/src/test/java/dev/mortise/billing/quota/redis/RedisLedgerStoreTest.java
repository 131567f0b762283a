package dev.mortise.billing.quota.redis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.UsageEvent;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.LedgerHome;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.redis.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Replicas that count in a real Redis before a ledger in a real PostgreSQL. */
@Timeout(120)
class RedisLedgerStoreTest {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final String TENANT = "acme";
    private static final Window WINDOW = OnePlan.window(TENANT);

    private final String prefix = "test" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final List<Replica> replicas = new ArrayList<>();
    private LedgerHome home;
    private LedgerStore sql;

    @BeforeEach
    void open() {
        home = LedgerHome.postgres();
        sql = home.store();
    }

    @AfterEach
    void close() throws Exception {
        replicas.forEach(Replica::close);
        assertThat(sql.verify()).isEmpty();
        home.close();
    }

    private Replica replica(TestRedis server, WhenRedisIsGone whenGone, long limit, Duration patience) {
        Replica replica = new Replica(home.setup().migrate(), server.uri(), prefix, whenGone, limit, patience);
        replicas.add(replica);
        return replica;
    }

    private Replica replica(long limit) {
        return replica(SharedServers.redis(), WhenRedisIsGone.SQL, limit, Replica.PATIENT);
    }

    private List<LedgerEntry> entries() {
        return sql.entries(UsageQuery.of(TENANT, OnePlan.METER, OnePlan.PERIOD.start(), OnePlan.PERIOD.end()), 10_000);
    }

    private Set<String> ids() {
        Set<String> ids = new HashSet<>();
        entries().forEach(entry -> assertThat(ids.add(entry.id())).isTrue());
        return ids;
    }

    private long booked() {
        return entries().stream().mapToLong(LedgerEntry::quantity).sum();
    }

    private static void written(Replica replica) {
        Eventually.holds("all is in the ledger", () -> replica.store.unwritten() == 0);
    }

    private static UsageEvent event(String id, long quantity, String at) {
        return UsageEvent.of(TENANT, OnePlan.METER, "test", id, quantity, Instant.parse(at));
    }

    @Test
    void anEventIsCountedOnceWhicheverReplicaItComesTo() {
        Replica one = replica(1_000);
        Replica two = replica(1_000);
        one.store.look(WINDOW);
        two.store.look(WINDOW);
        assertThat(one.ledger.record(event("a", 5, "2026-02-01T00:00:00Z"))).isEqualTo(new Booking.Booked(0));
        assertThat(two.ledger.record(event("a", 5, "2026-02-01T00:00:00Z"))).isEqualTo(new Booking.Repeated(0));
        assertThat(two.ledger.record(event("a", 6, "2026-02-01T00:00:00Z")))
                .isEqualTo(new Booking.Refused(Booking.Reason.CONFLICT));
        assertThat(two.store.look(WINDOW).used()).isEqualTo(5);
        written(one);
        written(two);
        assertThat(booked()).isEqualTo(5);
        assertThat(one.store.look(WINDOW)).isEqualTo(new WindowState(WINDOW, 5, 0));
        // What waits for SQL sees what was counted before.
        assertThat(one.ledger.reverse(TENANT, "test", "a", "support")).isInstanceOf(Booking.Booked.class);
        Eventually.holds(
                "the counter hears of the reversal",
                () -> two.store.look(WINDOW).used() == 0
                        && one.store.look(WINDOW).used() == 0);
    }

    @Test
    void notOneUnitTooManyWhileRedisLives() throws Exception {
        long limit = 400;
        List<Replica> all = List.of(replica(limit), replica(limit), replica(limit));
        AtomicLong spent = new AtomicLong();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        List<Future<?>> racers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < 12; t++) {
                Replica replica = all.get(t % 3);
                racers.add(threads.submit(() -> {
                    // What others hold and do not use comes back.
                    for (long end = System.nanoTime() + Replica.LONG.toNanos();
                            spent.get() < limit && System.nanoTime() < end; ) {
                        Optional<String> id = replica.spend(TENANT, 1);
                        if (id.isPresent()) {
                            acknowledged.add(id.get());
                            spent.incrementAndGet();
                        } else {
                            // Who only asked again and again would keep those from running who give it back.
                            LockSupport.parkNanos(1_000_000);
                        }
                    }
                }));
            }
        }
        for (Future<?> racer : racers) {
            racer.get();
        }
        assertThat(spent).hasValue(limit);
        all.forEach(RedisLedgerStoreTest::written);
        assertThat(ids()).isEqualTo(acknowledged);
        all.forEach(replica -> assertThat(replica.spend(TENANT, 1)).isEmpty());
    }

    @Test
    void aRedisThatForgetsEverythingIsToldAnew() {
        try (TestRedis server = TestRedis.start()) {
            Replica replica = replica(server, WhenRedisIsGone.SQL, 100, Replica.PATIENT);
            for (int i = 0; i < 30; i++) {
                assertThat(replica.spend(TENANT, 2)).isPresent();
            }
            written(replica);
            replica.redis.eval(Script.of("redis.call('FLUSHALL') return {}"), List.of(), List.of());
            assertThat(replica.store.look(WINDOW).used()).isEqualTo(60);
            Eventually.holds("it counts on", () -> replica.spend(TENANT, 1).isPresent());
            AtomicLong used = new AtomicLong(61);
            // What it held under an old name is free again when that was not heard of for a while.
            Eventually.holds("the limit is reached", () -> {
                while (replica.spend(TENANT, 1).isPresent()) {
                    used.incrementAndGet();
                }
                return used.get() >= 100;
            });
            written(replica);
            assertThat(booked()).isEqualTo(used.get());
            // What this replica held when it happened, and no more: an eighth of what was free.
            assertThat(used.get()).isBetween(100L, 100L + 13);
            replica.close();
            replicas.clear();
        }
    }

    @Test
    void aRedisThatHangsCostsItsTimeoutOnceAndSqlCounts() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            Replica replica = replica(server, WhenRedisIsGone.SQL, 1_000, Replica.SHORT);
            Set<String> acknowledged = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                acknowledged.add(replica.spend(TENANT, 1).orElseThrow());
            }
            server.freeze();
            for (int i = 0; i < 50; i++) {
                acknowledged.add(replica.spend(TENANT, 1).orElseThrow());
            }
            assertThat(ids()).as("acknowledged by SQL itself").containsAll(acknowledged);
            assertThat(replica.store.healthCheck().probe().look().ok()).isFalse();
            server.thaw();
            Eventually.holds("Redis counts again", () -> {
                acknowledged.add(replica.spend(TENANT, 1).orElseThrow());
                return replica.store.healthCheck().probe().look().ok();
            });
            for (int i = 0; i < 20; i++) {
                acknowledged.add(replica.spend(TENANT, 1).orElseThrow());
            }
            written(replica);
            assertThat(ids()).isEqualTo(acknowledged);
            Eventually.holds(
                    "the counter is what the ledger has",
                    () -> replica.store.look(WINDOW).used() == acknowledged.size());
            replica.close();
            replicas.clear();
        }
    }

    @Test
    void aReplicaThatGoesOnAloneNeedsNeither() throws Exception {
        try (TestRedis server = TestRedis.start()) {
            Replica replica = replica(server, WhenRedisIsGone.LOCAL, 100, Replica.SHORT);
            for (int i = 0; i < 10; i++) {
                assertThat(replica.spend(TENANT, 1)).isPresent();
            }
            written(replica);
            server.kill();
            Set<Optional<String>> more = new HashSet<>();
            for (Optional<String> id = replica.spend(TENANT, 1); id.isPresent(); id = replica.spend(TENANT, 1)) {
                more.add(id);
            }
            assertThat(more.size()).isBetween(85, 100);
            replica.close();
            replicas.clear();
            assertThat(booked()).isEqualTo(10 + more.size());
        }
    }

    @Test
    void severalTenantsInOneBatchAreInSeveralSlots() {
        Replica replica = replica(1_000);
        List<UsageEvent> events = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            events.add(
                    UsageEvent.of("tenant-" + i, OnePlan.METER, "test", "e", 1, Instant.parse("2026-02-01T00:00:00Z")));
        }
        assertThat(replica.ledger.record(events)).hasSize(40).containsOnly(new Booking.Booked(0));
        assertThat(replica.ledger.record(events)).hasSize(40).containsOnly(new Booking.Repeated(0));
        written(replica);
        for (int i = 0; i < 40; i++) {
            assertThat(sql.balance("tenant-" + i, OnePlan.METER)).isEqualTo(1);
        }
    }

    @Test
    void aLevelThatFallsWaitsForTheLedger() {
        Replica replica = replica(1_000);
        UsageEvent up = UsageEvent.of(TENANT, "storage", "files", "put", 500, Instant.parse("2026-02-01T00:00:00Z"));
        UsageEvent down = UsageEvent.of(TENANT, "storage", "files", "cut", -400, Instant.parse("2026-02-01T00:00:01Z"));
        UsageEvent tooFar =
                UsageEvent.of(TENANT, "storage", "files", "cut2", -400, Instant.parse("2026-02-01T00:00:02Z"));
        assertThat(replica.ledger.record(up)).isEqualTo(new Booking.Booked(0));
        assertThat(replica.ledger.record(down)).isInstanceOf(Booking.Booked.class);
        assertThat(replica.ledger.record(tooFar)).isEqualTo(new Booking.Refused(Booking.Reason.BELOW_ZERO));
        assertThat(replica.ledger.balance(TENANT, "storage")).isEqualTo(100);
    }
}
