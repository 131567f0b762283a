package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.internal.store.EventWire;
import dev.mortise.mcp.internal.store.SharedEvents;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events through the table {@code mcp_change}, which each replica looks into again and again. What was written while
 * one could not look is still there afterwards; one that was away for longer than changes are kept is told that it may
 * have missed something.
 */
final class JdbcServerEvents implements ServerEvents, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcServerEvents.class);
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int AT_ONCE = 1_000;
    private static final int SWEEP_EVERY = 100;

    private final Database database;
    private final Duration interval;
    private final SharedEvents events;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final String head;
    private final String advance;
    private final String insert;
    private final String behind;
    private final String forget;
    private final String old;
    private int written;
    private @Nullable Long position;

    private record Head(long position, long forgotten) {}

    private record Change(long position, String replica, EventWire event) {}

    private record News(Head head, List<Change> changes) {}

    private JdbcServerEvents(Database database, Duration interval) {
        String change = database.table("mcp_change");
        String changeHead = database.table("mcp_change_head");
        String now = database.dialect().now();
        this.database = database;
        this.interval = interval;
        this.events = new SharedEvents(this::write);
        this.head = "SELECT position, forgotten FROM " + changeHead;
        this.advance = "UPDATE " + changeHead + " SET position = position + 1 RETURNING position";
        this.insert = "INSERT INTO " + change
                + " (position, replica, kind, topic, key, created_at) VALUES (?, ?, ?, ?, ?, " + now + ")";
        this.behind = "SELECT position, replica, kind, topic, key FROM " + change
                + " WHERE position > ? ORDER BY position LIMIT " + AT_ONCE;
        this.old = "SELECT coalesce(max(position), 0) FROM " + change + " WHERE created_at < " + now + " - "
                + KEPT.toMillis();
        this.forget = "DELETE FROM " + change + " WHERE position <= ?";
    }

    /** @param interval between two looks; how late other replicas hear of a change at most */
    static JdbcServerEvents start(Database database, Duration interval) {
        JdbcServerEvents events = new JdbcServerEvents(database, interval);
        Thread.ofVirtual().name("events-poller").start(events::poll);
        return events;
    }

    private void poll() {
        boolean well = true;
        while (closed.getCount() > 0) {
            try {
                look();
                well = true;
            } catch (RuntimeException e) {
                // Also what a pool or a driver throws unasked: a poller that ended would be missed by nobody.
                if (well && closed.getCount() > 0) {
                    LOG.warn("Events of other replicas are not heard; trying again: {}", e.toString());
                }
                well = false;
            }
            waitForNextLook();
        }
    }

    private void waitForNextLook() {
        try {
            closed.await(interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            LOG.trace("Woken up", e);
        }
    }

    /** Tells what is new, and whether something may be missing. */
    void look() {
        Long known = position;
        News news = database.read("Looking for events", connection -> news(connection, known));
        if (known == null
                || known < news.head().forgotten()
                || known > news.head().position()) {
            // The beginning, or away for too long, or the database is another one by now.
            position = news.head().position();
            events.missed();
            return;
        }
        for (Change change : news.changes()) {
            events.received(change.replica(), change.event());
            position = change.position();
        }
    }

    private News news(Connection connection, @Nullable Long known) throws SQLException {
        List<Change> changes = List.of();
        Head now = Sql.first(connection, head, row -> new Head(row.getLong(1), row.getLong(2)))
                .orElseThrow(() -> new SQLException("mcp_change_head lacks its row"));
        if (known != null && known < now.position()) {
            changes = Sql.list(
                    connection,
                    behind,
                    row -> new Change(
                            row.getLong(1),
                            row.getString(2),
                            new EventWire(row.getString(3), row.getString(4), row.getString(5))),
                    known);
            // Read again behind the changes: what was forgotten in between is noticed.
            now = Sql.first(connection, head, row -> new Head(row.getLong(1), row.getLong(2)))
                    .orElse(now);
        }
        return new News(now, changes);
    }

    private void write(String replica, EventWire event) {
        boolean sweeps = written++ % SWEEP_EVERY == 0;
        database.write("Publishing an event", connection -> {
            Optional<Long> next = Sql.first(connection, advance, row -> row.getLong(1));
            Sql.update(connection, insert, next.orElseThrow(), replica, event.kind(), event.topic(), event.key());
            return sweeps ? sweep(connection) : 0;
        });
    }

    private int sweep(Connection connection) throws SQLException {
        long end = Sql.number(connection, old);
        if (end == 0) {
            return 0;
        }
        Sql.update(connection, "UPDATE " + database.table("mcp_change_head") + " SET forgotten = ?", end);
        return Sql.update(connection, forget, end);
    }

    @Override
    public void publish(ServerEvent event) {
        events.publish(event);
    }

    @Override
    public Subscription subscribe(Consumer<ServerEvent> subscriber) {
        return events.subscribe(subscriber);
    }

    @Override
    public void close() {
        events.close();
        closed.countDown();
    }
}
