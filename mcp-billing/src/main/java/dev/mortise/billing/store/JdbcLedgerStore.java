package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.CounterUsage;
import dev.mortise.billing.ledger.Durability;
import dev.mortise.billing.ledger.GaugeUsage;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore;
import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.UsageQuery;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

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
    private static final List<String> MIGRATIONS = List.of("001-ledger");

    private final Database database;
    private final Database patient;
    private final Durability durability;
    private final Tables tables;
    private final Locks locks;
    private final LedgerReads reads;
    private final Leasing leasing;

    private JdbcLedgerStore(Database database, Database patient, Durability durability) {
        this.database = database;
        this.patient = patient;
        this.durability = durability;
        this.tables = new Tables(database);
        this.locks = new Locks(tables);
        this.reads = new LedgerReads(patient, tables);
        this.leasing = new Leasing(tables, locks);
    }

    /** Begins with a data source for PostgreSQL, or for a SQLite file. It is borrowed. */
    public static Setup in(DataSource dataSource) {
        return new Setup(dataSource);
    }

    /** Where and how. Not thread-safe. */
    public static final class Setup {
        private final DataSource dataSource;
        private @Nullable String schema;
        private Duration timeout = Duration.ofSeconds(5);
        private Duration patience = Duration.ofMinutes(5);
        private Durability durability = Durability.WRITTEN;

        private Setup(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** A schema of PostgreSQL, instead of the one that connections have by themselves. */
        public Setup schema(String newSchema) {
            this.schema = newSchema;
            return this;
        }

        /** After this a transaction of the ledger has failed, as far as one knows; five seconds unless set. */
        public Setup timeout(Duration newTimeout) {
            this.timeout = newTimeout;
            return this;
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

        /**
         * Opens the store, and creates or changes its tables as needed.
         *
         * @throws StoreUnavailable if the database does not answer, or refuses
         * @throws IllegalStateException if a migration was changed after it was applied, or the database cannot keep the
         *     promised durability
         */
        public JdbcLedgerStore migrate() {
            return opened(database -> migrations(database).migrate());
        }

        /**
         * Opens the store, and only checks its tables: somebody else has made them, with {@link #script}.
         *
         * @throws StoreUnavailable if the database does not answer
         * @throws IllegalStateException as {@link #migrate}, and if something is missing
         */
        public JdbcLedgerStore validate() {
            return opened(database -> migrations(database).validate());
        }

        /** What {@link #migrate} does in an empty database, as one script for somebody to apply by hand. */
        public String script() {
            try (Database database = open(timeout)) {
                return migrations(database).script();
            }
        }

        private Database open(Duration limit) {
            return Database.of(new SynchronousSqlite(dataSource, durability), schema, limit);
        }

        private static Migrations migrations(Database database) {
            return Migrations.of(database, HISTORY, JdbcLedgerStore.class, MIGRATIONS);
        }

        private JdbcLedgerStore opened(Consumer<Database> prepare) {
            Database database = open(timeout);
            try {
                prepare.accept(database);
                JdbcLedgerStore store = new JdbcLedgerStore(database, open(patience), durability);
                store.requireDurability();
                return store;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        }
    }

    private void requireDurability() {
        String problem = switch (database.dialect()) {
            case POSTGRESQL ->
                durability == Durability.SYNCED
                                && "off".equals(database.read("Asking for fsync", c -> setting(c, "fsync")))
                        ? "fsync is off in PostgreSQL"
                        : null;
            case SQLITE ->
                database.write("Asking for synchronous", c -> Sql.number(c, "PRAGMA synchronous"))
                                < durability.sqliteLevel()
                        ? "PRAGMA synchronous does not keep the value that it is given"
                        : null;
        };
        if (problem != null) {
            close();
            throw new IllegalStateException("The ledger cannot be " + durability + ": " + problem);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return Sql.first(connection, "SELECT current_setting(?)", row -> row.getString(1), name)
                .orElse("");
    }

    private <T extends @Nullable Object> T write(Database where, String what, Database.Work<T> work) {
        return where.write(what, connection -> {
            if (database.dialect() == Dialect.POSTGRESQL) {
                // For this transaction only: behind a pooler the session belongs to somebody else.
                Sql.first(
                        connection,
                        "SELECT set_config('synchronous_commit', ?, true)",
                        row -> true,
                        durability.synchronousCommit());
            }
            return work.run(connection);
        });
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public void join(String id, Duration ttl) {
        write(database, "Joining", connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO " + tables.replica + " (id, sequence, expires_at) VALUES (?, 0, " + tables.now
                            + " + ?)",
                    id,
                    ttl.toMillis());
            // Those that died a day ago hold nothing any more that anybody could want.
            return Sql.update(
                    connection,
                    "DELETE FROM " + tables.replica + " WHERE expires_at < " + tables.now + " - 86400000"
                            + " AND NOT EXISTS (SELECT 1 FROM " + tables.lease + " AS l WHERE l.replica = id)");
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
        write(database, "Leaving", connection -> {
            leasing.giveBackAll(connection, id);
            return true;
        });
    }

    @Override
    public Appended append(Batch batch) {
        Set<Pair> pairs = new TreeSet<>();
        Appended appended =
                write(database, "Booking", connection -> new Appending(tables, locks, connection, batch).run(pairs));
        locks.remember(pairs);
        return appended;
    }

    @Override
    public WindowState look(Window window) {
        Optional<WindowState> known = database.read("Reading a window", connection -> leasing.find(connection, window));
        return known.orElseGet(
                () -> write(database, "Opening a window", connection -> leasing.look(connection, window)));
    }

    @Override
    public Leased lease(String replica, Window window, long limit, long need, long want) {
        return write(
                database, "Leasing units", connection -> leasing.lease(connection, replica, window, limit, need, want));
    }

    @Override
    public boolean reached(Threshold threshold) {
        return write(
                database, "Noting a threshold", connection -> new Thresholds(tables).reached(connection, threshold));
    }

    @Override
    public List<Threshold> untold(Duration claim, int limit) {
        return write(
                database, "Taking thresholds", connection -> new Thresholds(tables).untold(connection, claim, limit));
    }

    @Override
    public void told(Threshold threshold) {
        write(database, "Noting who was told", connection -> {
            new Thresholds(tables).told(connection, threshold);
            return true;
        });
    }

    @Override
    public List<Discrepancy> verify() {
        return patient.read("Verifying the ledger", connection -> new Verification(tables).verify(connection));
    }

    @Override
    public void rebuild(String tenant, String meter) {
        write(patient, "Rebuilding totals", connection -> {
            Pair pair = new Pair(tenant, meter);
            locks.lock(connection, List.of(pair));
            new Verification(tables).rebuild(connection, pair);
            return true;
        });
    }

    @Override
    public long position(String tenant, String meter) {
        return reads.position(tenant, meter);
    }

    @Override
    public long balance(String tenant, String meter) {
        return reads.balance(tenant, meter);
    }

    @Override
    public CounterUsage counted(UsageQuery query) {
        return reads.counted(query);
    }

    @Override
    public GaugeUsage gauged(UsageQuery query) {
        return reads.gauged(query);
    }

    @Override
    public List<LedgerEntry> entries(UsageQuery query, int limit) {
        return reads.entries(query, limit);
    }

    @Override
    public List<String> metersOf(String tenant) {
        return reads.metersOf(tenant);
    }

    /** Ends the threads and connections that this has of its own. The data source stays open. */
    @Override
    public void close() {
        database.close();
        patient.close();
    }
}
