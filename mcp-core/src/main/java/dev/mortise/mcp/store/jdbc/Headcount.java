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
    private static final long UNKNOWN = Long.MAX_VALUE / 2;

    private final String count;
    private final AtomicLong estimate = new AtomicLong(UNKNOWN);
    private final ReentrantLock counting = new ReentrantLock();

    /** @param count a {@code SELECT} of one number */
    Headcount(String count) {
        this.count = count;
    }

    /** Takes a place; false if there is none, or it looks so and somebody else is just finding out. */
    boolean admit(Connection connection, long limit) throws SQLException {
        if (estimate.incrementAndGet() <= limit) {
            return true;
        }
        if (!counting.tryLock()) {
            return false;
        }
        try {
            long rows = Sql.number(connection, count);
            estimate.set(rows < limit ? rows + 1 : rows);
            return rows < limit;
        } finally {
            counting.unlock();
        }
    }
}
