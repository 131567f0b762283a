package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Knows whether a table has room without counting its rows each time: it counts them once, adds what this process adds,
 * and counts anew when that reaches the limit. What other processes add in between is not seen, so that a table may
 * have up to as many times its limit as there are processes. Thread-safe.
 */
final class Headcount {
    private static final long UNKNOWN = Long.MAX_VALUE / 2;

    /** A full table is not counted for everyone who comes. */
    private static final long AGAIN_NANOS = Duration.ofMillis(100).toNanos();

    private final String count;
    private final AtomicLong estimate = new AtomicLong(UNKNOWN);
    private final ReentrantLock counting = new ReentrantLock();
    private long counted;
    private boolean full;

    /** @param count a {@code SELECT} of one number */
    Headcount(String count) {
        this.count = count;
    }

    /** Takes a place; false if there is none, or there was none a moment ago. */
    boolean admit(Connection connection, long limit) throws SQLException {
        if (estimate.incrementAndGet() <= limit) {
            return true;
        }
        counting.lock();
        try {
            if (estimate.get() < limit) {
                // Somebody else has counted meanwhile.
                estimate.incrementAndGet();
                return true;
            }
            if (full && System.nanoTime() - counted < AGAIN_NANOS) {
                return false;
            }
            long rows = Sql.number(connection, count);
            counted = System.nanoTime();
            full = rows >= limit;
            estimate.set(full ? rows : rows + 1);
            return !full;
        } finally {
            counting.unlock();
        }
    }
}
