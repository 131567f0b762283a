package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Knows whether a table has room without counting its rows each time: it counts them once, adds what this process adds,
 * and counts anew when that reaches the limit. What other processes add in between is not seen, so that a table may
 * have up to as many times its limit as there are processes. Thread-safe.
 */
final class Headcount {
    private final String count;
    private final long limit;
    private final AtomicLong estimate;
    private final ReentrantLock counting = new ReentrantLock();

    /** @param count a {@code SELECT} of one number */
    Headcount(String count, long limit) {
        this.count = count;
        this.limit = limit;
        // Not known yet, so it is counted before the first is let in.
        this.estimate = new AtomicLong(limit);
    }

    /** Takes a place; false if there is none, or somebody else is finding out just now and it looks as if there were none. */
    boolean admit(Connection connection) throws SQLException {
        if (estimate.incrementAndGet() <= limit) {
            return true;
        }
        if (!counting.tryLock()) {
            return false;
        }
        try {
            long rows = Sql.number(connection, count);
            estimate.set(Math.min(rows + 1, limit + 1));
            return rows < limit;
        } finally {
            counting.unlock();
        }
    }
}
