package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what has expired, every now and then while a store is used, a few rows at a time and beside the operation
 * that happened to be there. Thread-safe.
 */
final class Sweeper {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final long INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int ROWS = 500;

    private final Database database;
    private final String delete;
    private final AtomicLong due = new AtomicLong(System.nanoTime() + INTERVAL_NANOS);

    /**
     * A sweeper of one table.
     *
     * @param table with its schema
     * @param key its primary key
     * @param expired a condition on its rows
     */
    Sweeper(Database database, String table, String key, String expired) {
        this(database, table, key, key, expired);
    }

    /** @param row the columns of the primary key in parentheses, where there are several */
    Sweeper(Database database, String table, String row, String key, String expired) {
        this.database = database;
        this.delete = "DELETE FROM " + table + " WHERE " + row + " IN (SELECT " + key + " FROM " + table + " WHERE "
                + expired + " LIMIT " + ROWS + database.dialect().skipLocked() + ")";
    }

    /** Sweeps in the background if it is time. */
    void perhaps() {
        long now = System.nanoTime();
        long at = due.get();
        if (now - at >= 0 && due.compareAndSet(at, now + INTERVAL_NANOS)) {
            Thread.ofVirtual().name("sweeper").start(() -> {
                try {
                    sweep();
                } catch (StoreUnavailable e) {
                    LOG.debug("Sweeping is left for later", e);
                }
            });
        }
    }

    /** Deletes all that has expired. */
    void sweep() {
        int deleted;
        do {
            deleted = database.write("Sweeping", connection -> Sql.update(connection, delete));
        } while (deleted == ROWS);
    }
}
