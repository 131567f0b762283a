package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.TaskStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * What replicas share, in PostgreSQL 12 or later; or what one server remembers, in a SQLite file. Thread-safe.
 *
 * <pre>{@code
 * JdbcStores stores = JdbcStores.of(dataSource).schema("mortise").migrate();
 * McpServer server = McpServer.builder("calculator", "1.0")
 *         .stateKeys(keys)
 *         .pendingInputs(stores.pendingInputs())
 *         .events(stores.serverEvents())
 *         .build();
 * }</pre>
 *
 * <p>Times are those of the database. The data source is borrowed, and should be a pool for PostgreSQL. What was
 * acknowledged survives the death of the database.
 */
public final class JdbcStores implements AutoCloseable {
    private static final int MAX_USED_STATES = 1_000_000;
    private static final int MAX_SESSIONS = 100_000;
    private static final int MAX_SESSIONS_PER_GROUP = 1_000;
    private static final int MAX_EVENTS = 256;
    private static final long MAX_EVENT_BYTES = 4L * 1024 * 1024;
    private static final String HISTORY = "mcp_migrations";
    private static final List<String> MIGRATIONS =
            List.of("001-pending-inputs-and-changes", "002-sessions", "003-tasks", "004-caller-sketches");

    private final Database database;
    private final Duration pollInterval;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable JdbcServerEvents events;

    private JdbcStores(Database database, Duration pollInterval) {
        this.database = database;
        this.pollInterval = pollInterval;
    }

    /** Begins with a data source for PostgreSQL, or for a SQLite file. */
    public static Setup of(DataSource dataSource) {
        return new Setup(dataSource);
    }

    /** Where and how. Not thread-safe. */
    public static final class Setup extends StoreSetup<Setup, JdbcStores> {
        private Duration pollInterval = Duration.ofSeconds(1);

        private Setup(DataSource dataSource) {
            super(dataSource, HISTORY, MIGRATIONS);
        }

        /** How often to look for events of other replicas; every second unless set. */
        public Setup pollInterval(Duration newInterval) {
            this.pollInterval = newInterval;
            return this;
        }

        @Override
        protected JdbcStores open(Database database) {
            return new JdbcStores(database, pollInterval);
        }
    }

    /** Used-up consents: {@code mcp_used_state}. At most a million at a time; beyond that none counts. */
    public PendingInputStore pendingInputs() {
        return new JdbcPendingInputStore(database, MAX_USED_STATES);
    }

    /** Sessions of legacy clients: {@code mcp_session}. At most 100,000 in use, 1,000 of one caller. */
    public SessionStore sessions() {
        return sessions(MAX_SESSIONS, MAX_SESSIONS_PER_GROUP);
    }

    /**
     * Sessions of legacy clients: {@code mcp_session}.
     *
     * @param maxSessions in use at once; a tenth as many more on probation
     * @param maxPerGroup in use at once by one caller, or from one address without callers
     */
    public SessionStore sessions(int maxSessions, int maxPerGroup) {
        return new JdbcSessionStore(database, maxSessions, maxPerGroup);
    }

    /** What legacy clients may ask for again: {@code mcp_session_event}. At most 256 events or 4 MiB of a session. */
    public EventStore events() {
        return new JdbcEventStore(database, MAX_EVENTS, MAX_EVENT_BYTES);
    }

    /** Tasks: {@code mcp_task}. */
    public TaskStore tasks() {
        return new JdbcTaskStore(database);
    }

    /** What replicas know of their active callers: {@code mcp_caller_sketch}. */
    public SketchStore sketches() {
        return new JdbcSketchStore(database);
    }

    /** Events for all replicas, through {@code mcp_change}: one object for all who ask, closed with this. */
    public ServerEvents serverEvents() {
        lock.lock();
        try {
            if (events == null) {
                events = JdbcServerEvents.start(database, pollInterval);
            }
            return events;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads and connections that this has of its own. The data source stays open. */
    @Override
    public void close() {
        lock.lock();
        try {
            if (events != null) {
                events.close();
                events = null;
            }
            database.close();
        } finally {
            lock.unlock();
        }
    }
}
