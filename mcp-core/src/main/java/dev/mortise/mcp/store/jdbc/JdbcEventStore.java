package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.store.EventStore;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoredEvent;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** What was told to legacy sessions, in the tables {@code mcp_session_log} and {@code mcp_session_event}. */
final class JdbcEventStore implements EventStore {
    private final Database database;
    private final int maxEvents;
    private final long maxBytes;
    private final Sweeper logs;
    private final Sweeper events;
    private final String advance;
    private final String insert;
    private final String trim;
    private final String select;
    private final String deleteLog;
    private final String deleteEvents;

    JdbcEventStore(Database database, int maxEvents, long maxBytes) {
        String log = database.table("mcp_session_log");
        String event = database.table("mcp_session_event");
        String now = database.dialect().now();
        this.database = database;
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.logs = new Sweeper(database, log, "session", "expires_at <= " + now);
        this.events = new Sweeper(database, event, "(session, position)", "session, position", "expires_at <= " + now);
        // Begins with the time: a log that was forgotten and begins again goes on rising.
        this.advance = "INSERT INTO " + log + " AS l (session, position, expires_at) VALUES (?, " + now + " * 1024, ?)"
                + " ON CONFLICT (session) DO UPDATE SET position = l.position + 1, expires_at ="
                + " CASE WHEN l.expires_at > excluded.expires_at THEN l.expires_at ELSE excluded.expires_at END"
                + " RETURNING position";
        this.insert = "INSERT INTO " + event
                + " (session, position, stream, content, size, expires_at) VALUES (?, ?, ?, ?, ?, ?)";
        this.trim = "DELETE FROM " + event + " WHERE session = ? AND position < ? AND position <= (SELECT max(position)"
                + " FROM (SELECT position, sum(size) OVER newest AS total, row_number() OVER newest AS n FROM " + event
                + " WHERE session = ? WINDOW newest AS (ORDER BY position DESC)) AS e WHERE total > ? OR n > ?)";
        this.select = "SELECT position, content FROM " + event
                + " WHERE session = ? AND stream = ? AND position > ? AND expires_at > " + now
                + " ORDER BY position LIMIT ?";
        this.deleteLog = "DELETE FROM " + log + " WHERE session = ?";
        this.deleteEvents = "DELETE FROM " + event + " WHERE session = ?";
    }

    @Override
    public long append(String session, String stream, byte[] content, Instant expires) {
        String key = StoreKey.of(session);
        long end = expires.toEpochMilli();
        return database.write("Keeping an event of a session", connection -> {
            long position = Sql.first(connection, advance, row -> row.getLong(1), key, end)
                    .orElseThrow(() -> new SQLException("A position was expected, but there is none"));
            Sql.update(connection, insert, key, position, StoreKey.of(stream), content, content.length, end);
            Sql.update(connection, trim, key, position, key, maxBytes, maxEvents);
            return position;
        });
    }

    @Override
    public List<StoredEvent> read(String session, String stream, long after, int limit) {
        return database.read(
                "Reading events of a session",
                connection -> Sql.list(
                        connection,
                        select,
                        row -> new StoredEvent(row.getLong(1), row.getBytes(2)),
                        StoreKey.of(session),
                        StoreKey.of(stream),
                        after,
                        limit));
    }

    @Override
    public void delete(String session) {
        String key = StoreKey.of(session);
        database.write("Forgetting the events of a session", connection -> {
            // In the order in which appending locks them.
            Sql.update(connection, deleteLog, key);
            return Sql.update(connection, deleteEvents, key);
        });
    }

    @Override
    public void sweep(Instant now) {
        logs.sweep();
        events.sweep();
    }
}
