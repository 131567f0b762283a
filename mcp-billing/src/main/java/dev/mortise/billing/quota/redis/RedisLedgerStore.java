package dev.mortise.billing.quota.redis;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.Journal;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Posting;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.mcp.store.redis.Redis;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts in Redis, 6.2 or later, before the ledger in SQL: for several replicas that share limits and would rather not
 * wait for SQL on every call. Thread-safe.
 *
 * <pre>{@code
 * LedgerStore store = RedisLedgerStore.before(JdbcLedgerStore.in(dataSource).migrate(), redis).start();
 * Billing billing = Billing.in(store, entitlements).build();
 * }</pre>
 *
 * <p>A call is acknowledged when Redis has counted it and keeps a copy; this process writes it to SQL in the background,
 * and if it dies another one does, from the copy. The ledger stays the truth, and has each event once, by its id. What was
 * acknowledged is lost only if this process and Redis lose their memory at the same time; that is at most what was not yet
 * written ({@link #unwritten}).
 *
 * <p>Limits are exact while Redis keeps its memory. When it loses it, counters begin again with what SQL has: what was
 * held by replicas, and what was not yet written, may then be given out once more. Where not one unit may be over the
 * limit, use the ledger in SQL without this. Gauges that fall and reversals wait for SQL, as they would without it.
 *
 * <p>What is read ({@link #entries}, {@link #counted}, {@link #balance}) is SQL's, and so may lack what is on its way. A
 * {@link Booking.Booked} has position 0. The server must not evict keys.
 */
public final class RedisLedgerStore implements LedgerStore {
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final LedgerStore sql;
    private final Journal journal;
    private final Counters counters;
    private final Gate gate;
    private final Fallback fallback;
    private final Acknowledger acknowledger;
    private final WhenRedisIsGone whenGone;
    private final KnownWindows windows;
    private final Counting counting;
    private final Keeper keeper;
    private final Map<Window, WindowState> news = new ConcurrentHashMap<>();
    private volatile Member member;
    private volatile long failuresSeen;
    private volatile @Nullable Batch turnedAway;

    private RedisLedgerStore(Setup setup) {
        this.sql = setup.sql;
        this.whenGone = setup.whenGone;
        this.journal = Journal.start(sql, setup.ttl, setup.backlog);
        this.counters = new Counters(setup.redis, setup.prefix);
        this.gate = new Gate(setup.pause);
        this.fallback = new Fallback(journal);
        this.acknowledger = new Acknowledger(counters, gate, this::used);
        this.windows = new KnownWindows(sql, fallback);
        this.counting = new Counting(counters, gate, windows);
        this.keeper = new Keeper(journal, counters, gate, windows, this::used, setup.ttl);
        this.member = new Member("none", setup.ttl, Set.of());
        journal.onChange(states -> states.forEach(state -> {
            fallback.seen(state, gate.isGone());
            news.put(state.window(), state);
        }));
    }

    /** Begins with the ledger, which this closes in the end, and a Redis, which it borrows. */
    public static Setup before(LedgerStore sql, Redis redis) {
        return new Setup(sql, redis);
    }

    /** How. Not thread-safe. */
    public static final class Setup {
        private final LedgerStore sql;
        private final Redis redis;
        private String prefix = "mortise";
        private WhenRedisIsGone whenGone = WhenRedisIsGone.SQL;
        private Duration ttl = Duration.ofSeconds(30);
        private Duration pause = Duration.ofSeconds(1);
        private int backlog = 20_000;

        private Setup(LedgerStore sql, Redis redis) {
            this.sql = sql;
            this.redis = redis;
        }

        /** Of all keys; systems that share a Redis and nothing else have different ones. {@code mortise} unless set. */
        public Setup prefix(String newPrefix) {
            if (newPrefix.indexOf('{') >= 0 || newPrefix.indexOf('}') >= 0) {
                throw new IllegalArgumentException("A prefix has no braces, which name the slot: " + newPrefix);
            }
            this.prefix = newPrefix;
            return this;
        }

        /** {@link WhenRedisIsGone#SQL} unless set. */
        public Setup whenGone(WhenRedisIsGone policy) {
            this.whenGone = policy;
            return this;
        }

        /** After this without a sign of life, what a process left in Redis is written by others; 30 seconds unless set. */
        public Setup ttl(Duration newTtl) {
            this.ttl = newTtl;
            return this;
        }

        /** For how long Redis is not asked again after it has not answered; a second unless set. */
        public Setup pause(Duration newPause) {
            this.pause = newPause;
            return this;
        }

        /** How many batches may be in Redis and not in SQL; then calls wait for SQL. 20,000 unless set. */
        public Setup backlog(int batches) {
            this.backlog = batches;
            return this;
        }

        /**
         * Starts; Redis need not answer yet.
         *
         * @throws StoreUnavailable if SQL does not answer
         */
        public RedisLedgerStore start() {
            RedisLedgerStore store = new RedisLedgerStore(this);
            store.acknowledger.start();
            store.keeper.start();
            return store;
        }
    }

    private @Nullable Long used(Window window) {
        WindowState state = fallback.known(window);
        return state == null ? null : state.used();
    }

    @Override
    public Durability durability() {
        return sql.durability();
    }

    @Override
    public void join(String id, Duration newTtl) {
        this.member = new Member(id, newTtl, ConcurrentHashMap.newKeySet());
    }

    /** What could not be given up in Redis, because it was gone, is left behind under the old name. */
    @Override
    public boolean renew(String id, Duration newTtl) {
        Member now = member;
        long failures = gate.failures();
        boolean lost = acknowledger.hasLost();
        boolean disturbed = lost || failures != failuresSeen;
        if (disturbed && gate.isGone()) {
            return true;
        }
        failuresSeen = failures;
        if (disturbed && !now.shards().isEmpty()) {
            return false;
        }
        for (int shard : Set.copyOf(now.shards())) {
            Optional<Boolean> kept = gate.ask(() -> counters.touch(shard, id, newTtl));
            if (kept.isPresent() && !kept.get()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void leave(String id) {
        for (int shard : Set.copyOf(member.shards())) {
            gate.ask(() -> {
                counters.leave(shard, id);
                return true;
            });
        }
    }

    @Override
    public Appended append(Batch batch) {
        Member now = member;
        List<Post> posts = batch.posts();
        Fallback.Split spent = fallback.spend(batch.spent());
        // One that comes again has been given up in Redis already.
        Counting.Counted counted = counting.count(now, posts, batch.equals(turnedAway) ? Map.of() : spent.toRedis());
        Posting posting;
        try {
            posting = journal.post(counted.posts(), spent.toSql());
            turnedAway = null;
        } catch (StoreUnavailable e) {
            // Nothing is acknowledged. When it comes again, Redis says that it has it, and it is posted then.
            turnedAway = batch;
            fallback.restore(spent);
            throw e;
        }
        if (counted.kept().values().stream().anyMatch(each -> !each.isEmpty())) {
            acknowledger.add(new Acknowledger.Waiting(posting, now.id(), counted.kept()));
        }
        List<Booking> bookings;
        if (counted.bookings().isPresent()) {
            bookings = counted.bookings().get();
        } else if (whenGone == WhenRedisIsGone.LOCAL && posts.stream().allMatch(Counting::isPlain)) {
            posts.forEach(post -> counting.copy(post).ifPresent(fallback::count));
            bookings =
                    posts.stream().map(post -> (Booking) new Booking.Booked(0)).toList();
        } else {
            bookings = posting.await(FOREVER);
        }
        Map<Window, WindowState> changed = new HashMap<>();
        Set.copyOf(news.keySet()).forEach(window -> {
            WindowState state = news.remove(window);
            if (state != null) {
                changed.put(window, state);
            }
        });
        counted.windows().forEach(state -> changed.put(state.window(), state));
        return new Appended.Done(bookings, List.copyOf(changed.values()));
    }

    @Override
    public WindowState look(Window window) {
        windows.know(window);
        for (int attempt = 0; attempt < 2; attempt++) {
            Optional<Optional<Counters.Stands>> known = gate.ask(() -> counters.look(window));
            if (known.isEmpty()) {
                break;
            }
            if (known.get().isPresent()) {
                return known.get().get().state();
            }
            tell(window);
        }
        return sql.look(window);
    }

    /** Never counted, or forgotten: SQL knows. */
    private void tell(Window window) {
        long used = sql.look(window).used();
        gate.ask(() -> {
            counters.init(window, used, System.currentTimeMillis());
            return true;
        });
    }

    @Override
    public Leased lease(String replica, Window window, long limit, long need, long want) {
        windows.know(window);
        Member now = member;
        for (int attempt = 0; attempt < 3; attempt++) {
            Optional<Counters.Asked> asked =
                    gate.ask(() -> counters.lease(replica, now.ttl(), window, limit, need, want));
            if (asked.isEmpty()) {
                return switch (whenGone) {
                    case SQL -> fallback.fromSql(window, limit, need, want);
                    case LOCAL -> fallback.fromMemory(window, limit, need, want);
                };
            }
            now.shards().add(Counters.shard(window.tenant()));
            switch (asked.get()) {
                case Counters.Asked.Answer answer -> {
                    return answer.leased();
                }
                case Counters.Asked.Lost lost ->
                    throw new StoreUnavailable("Redis did not hear of this replica in time");
                case Counters.Asked.Unknown unknown -> tell(window);
            }
        }
        throw new StoreUnavailable("Redis forgets what it is told");
    }

    /** How many events of this process are in Redis and not known to be in SQL. */
    public long unwritten() {
        return acknowledger.unwritten();
    }

    /** How often Redis did not answer when it was asked. */
    public long failures() {
        return gate.failures();
    }

    /** Whether Redis counts, for {@link dev.mortise.mcp.health.Health}. Optional: calls are served without it. */
    public HealthCheck healthCheck() {
        return HealthCheck.of("usage-counters", () -> {
                    Verdict verdict = gate.isGone() ? Verdict.down("Redis does not answer") : Verdict.up();
                    return verdict.with("unwritten", unwritten());
                })
                .optional();
    }

    @Override
    public boolean reached(Threshold threshold) {
        return sql.reached(threshold);
    }

    @Override
    public List<Threshold> untold(Duration claim, int limit) {
        return sql.untold(claim, limit);
    }

    @Override
    public void told(Threshold threshold) {
        sql.told(threshold);
    }

    @Override
    public List<Discrepancy> verify() {
        return sql.verify();
    }

    @Override
    public void rebuild(String tenant, String meter) {
        sql.rebuild(tenant, meter);
    }

    @Override
    public long position(String tenant, String meter) {
        return sql.position(tenant, meter);
    }

    @Override
    public long balance(String tenant, String meter) {
        return sql.balance(tenant, meter);
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        return sql.counted(query);
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        return sql.gauged(query);
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        return sql.entries(query, limit);
    }

    @Override
    public List<String> metersOf(String tenant) {
        return sql.metersOf(tenant);
    }

    /** Writes what waits, within some seconds, and closes the ledger in SQL. What is left in Redis others write. */
    @Override
    public void close() {
        keeper.stop();
        journal.close();
        acknowledger.close();
        keeper.close();
        sql.close();
    }
}
