package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.mcp.store.jdbc.StoreSetup;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;

/**
 * The ledger in PostgreSQL 12 or later, or in a SQLite file. Works behind a pooler in transaction mode. Thread-safe.
 *
 * <pre>{@code
 * LedgerStore store = JdbcLedgerStore.in(dataSource).schema("mortise").migrate();
 * }</pre>
 *
 * <p>PostgreSQL's connections keep the isolation that is theirs by default, {@code READ COMMITTED}.
 */
public final class JdbcLedgerStore implements LedgerStore {
    private static final String HISTORY = "ledger_migrations";
    private static final List<String> MIGRATIONS = List.of("001-ledger", "002-threshold");

    private static final int BURIED_AT_ONCE = 50;

    private final Database database;
    private final Database patient;
    private final Durability durability;
    private final Tables tables;
    private final Locks locks;
    private final LedgerReads reads;
    private final Leasing leasing;
    private final Verification verification;
    private final Pages pages;
    private final Spreading spreading;
    private final Appending.Statements statements;
    /** Windows that were changed by what was carried over, and of which nobody was told. */
    private final Map<Window, WindowState> news = new ConcurrentHashMap<>();

    private JdbcLedgerStore(Database database, Database patient, Durability durability) {
        this.database = database;
        this.patient = patient;
        this.durability = durability;
        this.tables = new Tables(database);
        this.locks = new Locks(tables);
        Runs runs = new Runs(tables);
        Sheets sheets = new Sheets(tables);
        this.reads = new LedgerReads(patient, tables, runs);
        this.leasing = new Leasing(tables, locks, runs);
        this.pages = new Pages(tables);
        this.spreading = new Spreading(pages, runs, locks, sheets);
        this.verification = new Verification(tables, runs);
        this.statements = new Appending.Statements(tables, locks, sheets, pages);
    }

    /** Begins with a data source for PostgreSQL, or for a SQLite file. It is borrowed. */
    public static Setup in(DataSource dataSource) {
        return new Setup(dataSource);
    }

    /** Where and how. Not thread-safe. */
    public static final class Setup extends StoreSetup<Setup, JdbcLedgerStore> {
        private Duration patience = Duration.ofMinutes(5);
        private Durability durability = Durability.WRITTEN;

        private Setup(DataSource dataSource) {
            super(dataSource, HISTORY, MIGRATIONS);
        }

        /** As {@link #timeout}, for what reads or rebuilds much; five minutes unless set. */
        public Setup patience(Duration newPatience) {
            this.patience = newPatience;
            return this;
        }

        /** {@link Durability#WRITTEN} unless set. */
        public Setup durability(Durability newDurability) {
            this.durability = newDurability;
            return this;
        }

        @Override
        protected Database.Opening opening() {
            return super.opening().durability(durability);
        }

        @Override
        protected JdbcLedgerStore open(Database database) {
            return new JdbcLedgerStore(database, opening().timeout(patience).open(), durability);
        }
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public void join(String id, Duration ttl) {
        database.write(
                "Joining",
                connection -> Sql.update(
                        connection,
                        "INSERT INTO " + tables.replica + " (id, sequence, expires_at) VALUES (?, 0, " + tables.now
                                + " + ?)",
                        id,
                        ttl.toMillis()));
        buryTheDead();
    }

    /**
     * Gives back what replicas held that were not heard of for a day, in windows too of which nobody wants anything any more,
     * and forgets them. Some at a time; who joins next goes on.
     */
    private void buryTheDead() {
        List<String> dead = database.read(
                "Looking for dead replicas",
                connection -> Sql.list(
                        connection,
                        "SELECT id FROM " + tables.replica + " WHERE expires_at < " + tables.now
                                + " - 86400000 ORDER BY expires_at LIMIT " + BURIED_AT_ONCE,
                        row -> row.getString(1)));
        if (!dead.isEmpty()) {
            // What was acknowledged may still have to be carried over, and is taken off what they held.
            carryOver();
            dead.forEach(this::forget);
        }
    }

    private void forget(String id) {
        database.write("Forgetting a replica", connection -> {
            leasing.giveBackAll(connection, id);
            return true;
        });
    }

    @Override
    public boolean renew(String id, Duration ttl) {
        return database.write(
                "Renewing",
                connection -> Sql.update(
                                connection,
                                "UPDATE " + tables.replica + " SET expires_at = " + tables.now
                                        + " + ? WHERE id = ? AND expires_at > " + tables.now,
                                ttl.toMillis(),
                                id)
                        == 1);
    }

    @Override
    public void leave(String id) {
        carryOver();
        forget(id);
    }

    @Override
    public Appended append(Batch batch) {
        record Run(Appended appended, Collection<Sheet> sheets) {}

        if (batch.posts().stream().anyMatch(Sorted::takesBack)) {
            // What is taken back, or what is left, may stand on a page.
            carryOver();
        }
        if (tables.dialect == Dialect.POSTGRESQL) {
            Sorted sorted = new Sorted(batch, locks);
            Page page = new Page(sorted.charges(), batch.spent());
            if (sorted.isAllFresh()
                    && database.read(
                            "Booking",
                            connection -> pages.advanceAlone(
                                    connection, durability, batch.replica(), batch.sequence(), page))) {
                return new Appended.Done(sorted.bookings(List.of()), withNews(List.of()));
            }
        }
        Run run = database.write("Booking", connection -> {
            Appending appending = new Appending(statements, connection, batch);
            return new Run(appending.run(), appending.sheets());
        });
        locks.remember(run.sheets());
        return run.appended() instanceof Appended.Done done
                ? new Appended.Done(done.bookings(), withNews(done.windows()))
                : run.appended();
    }

    private List<WindowState> withNews(List<WindowState> windows) {
        if (news.isEmpty()) {
            return windows;
        }
        Map<Window, WindowState> all = new HashMap<>();
        for (Window window : List.copyOf(news.keySet())) {
            WindowState state = news.remove(window);
            if (state != null) {
                all.put(window, state);
            }
        }
        windows.forEach(state -> all.put(state.window(), state));
        return List.copyOf(all.values());
    }

    @Override
    public List<WindowState> spread() {
        carryOver();
        return withNews(List.of());
    }

    @Override
    public List<WindowState> spread(String replica) {
        carryOver(new Pages.Pending(replica, Long.MAX_VALUE));
        return withNews(List.of());
    }

    /** All that was acknowledged before this was called is in totals, windows and runs when it returns. */
    private void carryOver() {
        database.read("Looking for pages", pages::pending).forEach(this::carryOver);
    }

    private void carryOver(Pages.Pending pending) {
        boolean more = true;
        while (more) {
            Spreading.Spread spread = database.write("Carrying over", connection -> spreading.run(connection, pending));
            locks.remember(spread.sheets());
            spread.windows().forEach(state -> news.put(state.window(), state));
            more = spread.isMore();
        }
    }

    @Override
    public WindowState look(Window window) {
        carryOver();
        Optional<WindowState> known = database.read("Reading a window", connection -> leasing.find(connection, window));
        return known.orElseGet(
                () -> database.write("Opening a window", connection -> leasing.look(connection, window)));
    }

    @Override
    public Leased lease(String replica, Window window, long limit, long need, long want) {
        carryOver();
        return database.write(
                "Leasing units", connection -> leasing.lease(connection, replica, window, limit, need, want));
    }

    @Override
    public boolean reached(Threshold threshold) {
        return database.write(
                "Noting a threshold", connection -> new Thresholds(tables).reached(connection, threshold));
    }

    @Override
    public List<Threshold> untold(Duration claim, int limit) {
        return database.write(
                "Taking thresholds", connection -> new Thresholds(tables).untold(connection, claim, limit));
    }

    @Override
    public void told(Threshold threshold) {
        database.write("Noting who was told", connection -> {
            new Thresholds(tables).told(connection, threshold);
            return true;
        });
    }

    @Override
    public List<Discrepancy> verify() {
        carryOver();
        return patient.read("Verifying the ledger", verification::verify);
    }

    @Override
    public void rebuild(String tenant, String meter) {
        patient.write("Rebuilding totals", connection -> {
            Pair pair = new Pair(tenant, meter);
            locks.lock(connection, List.of(pair));
            verification.rebuild(connection, pair);
            return true;
        });
    }

    @Override
    public long position(String tenant, String meter) {
        carryOver();
        return reads.position(tenant, meter);
    }

    @Override
    public long balance(String tenant, String meter) {
        carryOver();
        return reads.balance(tenant, meter);
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        carryOver();
        return reads.counted(query);
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        carryOver();
        return reads.gauged(query);
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        carryOver();
        return reads.entries(query, limit);
    }

    @Override
    public List<String> metersOf(String tenant) {
        carryOver();
        return reads.metersOf(tenant);
    }

    /** Ends the threads and connections that this has of its own. The data source stays open. */
    @Override
    public void close() {
        database.close();
        patient.close();
    }
}
