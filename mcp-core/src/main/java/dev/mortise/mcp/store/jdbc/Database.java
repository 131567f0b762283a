package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.mcp.store.StoreUnavailable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL or SQLite database that is borrowed from a host by its data source. It may be called on virtual threads:
 * work on SQLite, whose native code would pin them, is done on platform threads of its own, one of which writes.
 * Thread-safe.
 *
 * <p>For PostgreSQL nothing is used that a connection pooler in transaction mode cannot do: no session locks, no
 * {@code LISTEN}, no settings of the session, no prepared statements on the server; but of these the data source may have
 * its own will, by a {@code prepareThreshold} other than the driver's 5: where nothing is between, or a pooler that knows
 * them, they spare the database up to a third of its work. Connections are the data source's, one for each operation. For SQLite three are kept open for as long as this is.
 *
 * <p>An operation that takes longer than the time-out fails with {@link StoreUnavailable}; a statement that is under
 * way in PostgreSQL then loses its connection.
 */
public final class Database implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    private final Dialect dialect;
    private final Lane lane;
    private final Duration timeout;
    private final @Nullable String schema;
    private final @Nullable Durability durability;
    private final WorkObserver observer;
    private final WorkObserver.Work work;

    private Database(Dialect dialect, Lane lane, Opening opening) {
        this.dialect = dialect;
        this.lane = lane;
        this.timeout = opening.timeout;
        this.schema = opening.schema;
        this.durability = opening.durability;
        this.observer = ObservedDataSource.observerOf(opening.dataSource);
        this.work = switch (dialect) {
            case POSTGRESQL -> WorkObserver.Work.POSTGRESQL;
            case SQLITE -> WorkObserver.Work.SQLITE;
        };
    }

    /**
     * In the schema that the connections have by themselves, with a time-out of five seconds.
     *
     * @throws StoreUnavailable if it cannot be reached, or is another database
     */
    public static Database of(DataSource dataSource) {
        return of(dataSource, null, TIMEOUT);
    }

    /**
     * A database with its schema and time-out.
     *
     * @param schema lower-case letters, digits and underscores; {@code null} for the connections' own. SQLite has none
     * @param timeout of each operation, from the call to the answer
     * @throws StoreUnavailable if it cannot be reached, or is another database
     */
    public static Database of(DataSource dataSource, @Nullable String schema, Duration timeout) {
        return opening(dataSource).schema(schema).timeout(timeout).open();
    }

    /** Begins with a data source, where there is more to say. */
    public static Opening opening(DataSource dataSource) {
        return new Opening(dataSource);
    }

    /** How to open a database. Not thread-safe. */
    public static final class Opening {
        private final DataSource dataSource;
        private Duration timeout = TIMEOUT;
        private @Nullable String schema;
        private @Nullable Durability durability;
        private boolean overwriting;
        private int pageBytes;

        private Opening(DataSource dataSource) {
            this.dataSource = dataSource;
        }

        /** Lower-case letters, digits and underscores; {@code null} for the connections' own. SQLite has none. */
        public Opening schema(@Nullable String newSchema) {
            if (newSchema != null && !IDENTIFIER.matcher(newSchema).matches()) {
                throw new IllegalArgumentException(
                        "A schema has lower-case letters, digits and underscores, but this one is \"" + newSchema
                                + "\"");
            }
            schema = newSchema;
            return this;
        }

        /** Of each operation, from the call to the answer; five seconds unless set. */
        public Opening timeout(Duration newTimeout) {
            timeout = newTimeout;
            return this;
        }

        /** What a transaction has survived when it is acknowledged; as the connections have it unless set. */
        public Opening durability(Durability newDurability) {
            durability = newDurability;
            return this;
        }

        /** SQLite overwrites what is deleted, so that it cannot be read from the file any more. */
        public Opening overwritingWhatIsDeleted() {
            overwriting = true;
            return this;
        }

        /**
         * A SQLite file that is new gets pages of so many bytes, a power of two from 512 to 65536. Larger ones than
         * SQLite's 4096 suit what is written in large pieces; what is written in small ones they make dearer.
         */
        public Opening pages(int bytes) {
            if (Integer.bitCount(bytes) != 1 || bytes < 512 || bytes > 65_536) {
                throw new IllegalArgumentException(
                        "A page has a power of two of bytes from 512 to 65536, but this one has " + bytes);
            }
            pageBytes = bytes;
            return this;
        }

        /**
         * Opens it.
         *
         * @throws StoreUnavailable if it cannot be reached, or is another database
         * @throws IllegalStateException if it cannot keep the promised durability, with what to change
         */
        public Database open() {
            PooledLane pooled = new PooledLane(dataSource);
            Dialect dialect = await("Opening the database", timeout, () -> pooled.read(Dialect::of));
            Database database = switch (dialect) {
                case POSTGRESQL -> new Database(dialect, pooled, this);
                case SQLITE -> {
                    pooled.close();
                    if (schema != null) {
                        throw new IllegalArgumentException("SQLite has no schemas: leave it out");
                    }
                    yield new Database(dialect, SqliteLane.over(dataSource, timeout, pragmas()), this);
                }
            };
            try {
                database.requireDurability();
                return database;
            } catch (RuntimeException e) {
                database.close();
                throw e;
            }
        }

        /** They are of the connection, and cannot be set within a transaction. */
        private List<String> pragmas() {
            List<String> pragmas = new ArrayList<>();
            if (pageBytes > 0) {
                pragmas.add("PRAGMA page_size = " + pageBytes);
            }
            if (durability != null) {
                pragmas.add("PRAGMA synchronous = " + durability.synchronous());
            }
            if (overwriting) {
                pragmas.add("PRAGMA secure_delete = ON");
            }
            return List.copyOf(pragmas);
        }
    }

    private void requireDurability() {
        if (durability == null) {
            return;
        }
        String problem = switch (dialect) {
            case POSTGRESQL ->
                durability == Durability.SYNCED && "off".equals(read("Asking for fsync", c -> setting(c, "fsync")))
                        ? "fsync is off in PostgreSQL"
                        : null;
            case SQLITE ->
                write("Asking for synchronous", c -> Sql.number(c, "PRAGMA synchronous")) < durability.sqliteLevel()
                        ? "PRAGMA synchronous does not keep the value that it is given"
                        : null;
        };
        if (problem != null) {
            throw new IllegalStateException("The database cannot keep the durability " + durability + ": " + problem);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        return Sql.first(connection, "SELECT current_setting(?)", row -> row.getString(1), name)
                .orElse("");
    }

    public Dialect dialect() {
        return dialect;
    }

    /** The schema that was set; {@code null} if it is the connections' own. */
    @Nullable
    String schema() {
        return schema;
    }

    /** A table's name as statements need it, with its schema. */
    public String table(String name) {
        return schema == null ? name : schema + "." + name;
    }

    /**
     * Runs statements each by itself: those that change nothing, or in PostgreSQL one that changes something and is a
     * transaction of its own. That one sees to its durability itself.
     *
     * @param what it is, for the message of a failure
     * @throws StoreUnavailable if they fail or take too long; one that changes something may have done so
     */
    public <T extends @Nullable Object> T read(String what, Work<T> work) {
        return waitFor(what, () -> lane.read(work));
    }

    /**
     * Runs a transaction.
     *
     * @param what it is, for the message of a failure
     * @throws StoreUnavailable if it fails or takes too long; unless it says otherwise, it may have taken place
     */
    public <T extends @Nullable Object> T write(String what, Work<T> work) {
        Durability promised = durability;
        if (promised == null || dialect != Dialect.POSTGRESQL) {
            return waitFor(what, () -> lane.write(work));
        }
        return waitFor(
                what,
                () -> lane.write(connection -> {
                    // For this transaction only: behind a pooler the session belongs to somebody else.
                    Sql.first(
                            connection,
                            "SELECT set_config('synchronous_commit', ?, true)",
                            row -> true,
                            promised.synchronousCommit());
                    return work.run(connection);
                }));
    }

    private <T extends @Nullable Object> T waitFor(String what, Start<T> start) {
        return observer.observe(work, what, () -> await(what, timeout, start));
    }

    private interface Start<T extends @Nullable Object> {
        Result<T> start() throws SQLException;
    }

    private static <T extends @Nullable Object> T await(String what, Duration timeout, Start<T> start) {
        Result<T> running = null;
        try {
            running = start.start();
            return running.await(timeout);
        } catch (SQLException e) {
            throw new StoreUnavailable(what + " failed in the database", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case Error error -> throw error;
                case StoreUnavailable unavailable -> throw unavailable;
                case RuntimeException exception -> throw exception;
                case null, default -> throw new StoreUnavailable(what + " failed in the database", e);
            }
        } catch (TimeoutException e) {
            throw new StoreUnavailable(what + " took longer than " + timeout.toMillis() + " ms in the database", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable(what + " was interrupted", e);
        } finally {
            // Nobody waits for it any more, if it is still running.
            if (running != null) {
                running.cancel(true);
            }
        }
    }

    /** Ends the threads and connections that this has of its own. The data source stays open. */
    @Override
    public void close() {
        lane.close();
    }

    /** Statements over one connection, which is left open, and whose transaction is left alone. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T run(Connection connection) throws SQLException;
    }
}
