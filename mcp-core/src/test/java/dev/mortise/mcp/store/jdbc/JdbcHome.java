package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.observe.SketchStore;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.StoreHome;
import dev.mortise.mcp.store.TaskStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Tables in a database. */
abstract class JdbcHome implements StoreHome {
    static final Duration TIMEOUT = Duration.ofSeconds(5);
    static final Duration POLL = Duration.ofMillis(20);

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<Runnable> sweeps = new ArrayList<>();

    /** Connections that are not shared with anybody. */
    abstract DataSource dataSource();

    abstract @Nullable String schema();

    JdbcStores stores() {
        return given(setup().migrate());
    }

    JdbcStores.Setup setup() {
        JdbcStores.Setup setup = JdbcStores.of(dataSource()).timeout(TIMEOUT).pollInterval(POLL);
        return schema() == null ? setup : setup.schema(schema());
    }

    Database database() {
        stores();
        return given(Database.of(dataSource(), schema(), TIMEOUT));
    }

    <T extends AutoCloseable> T given(T closeable) {
        open.add(closeable);
        return closeable;
    }

    @Override
    public PendingInputStore pendingInputs(int capacity) {
        JdbcPendingInputStore store = new JdbcPendingInputStore(database(), capacity);
        sweeps.add(store::sweep);
        return store;
    }

    @Override
    public ServerEvents serverEvents() {
        return stores().serverEvents();
    }

    @Override
    public SessionStore sessions(int maxSessions, int maxPerGroup) {
        JdbcSessionStore store = new JdbcSessionStore(database(), maxSessions, maxPerGroup);
        sweeps.add(() -> store.sweep(Instant.EPOCH));
        return store;
    }

    @Override
    public EventStore events(int maxEvents, long maxBytes) {
        JdbcEventStore store = new JdbcEventStore(database(), maxEvents, maxBytes);
        sweeps.add(() -> store.sweep(Instant.EPOCH));
        return store;
    }

    @Override
    public TaskStore tasks() {
        return new JdbcTaskStore(database());
    }

    @Override
    public SketchStore sketches() {
        JdbcSketchStore store = new JdbcSketchStore(database());
        sweeps.add(store::sweep);
        return store;
    }

    @Override
    public void pass(Duration time) throws SQLException {
        String prefix = schema() == null ? "" : schema() + ".";
        try (Connection connection = dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            for (String column : List.of(
                    "mcp_used_state.forget_at",
                    "mcp_change.created_at",
                    "mcp_session.expires_at",
                    "mcp_session.used_at",
                    "mcp_session_log.expires_at",
                    "mcp_session_event.expires_at",
                    "mcp_caller_sketch.expires_at")) {
                String[] names = column.split("\\.");
                statement.execute("UPDATE " + prefix + names[0] + " SET " + names[1] + " = " + names[1] + " - "
                        + time.toMillis());
            }
        }
    }

    @Override
    public void sweep() {
        sweeps.forEach(Runnable::run);
    }

    void closeAll() throws Exception {
        for (AutoCloseable closeable : open.reversed()) {
            closeable.close();
        }
        open.clear();
        sweeps.clear();
    }

    @Override
    public void close() throws Exception {
        closeAll();
    }
}
