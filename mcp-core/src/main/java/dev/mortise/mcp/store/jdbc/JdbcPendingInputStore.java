package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.StoreKey;
import java.time.Duration;
import java.time.Instant;

/** Used-up states in the table {@code mcp_used_state}. */
final class JdbcPendingInputStore implements PendingInputStore {
    /** Clocks of replicas differ: one that is behind would take a state for good that another's clock lets expire. */
    private static final Duration SLACK = Duration.ofMinutes(10);

    private final Database database;
    private final int capacity;
    private final String claim;
    private final Headcount headcount;
    private final Sweeper sweeper;

    JdbcPendingInputStore(Database database, int capacity) {
        String table = database.table("mcp_used_state");
        String now = database.dialect().now();
        this.database = database;
        this.capacity = capacity;
        // Never in the past, whatever the caller's clock says: what is forgotten at once could be used twice.
        this.claim = "INSERT INTO " + table + " (id, forget_at) VALUES (?, CASE WHEN " + now + " > ? THEN " + now
                + " ELSE ? END + " + SLACK.toMillis() + ") ON CONFLICT (id) DO NOTHING";
        this.headcount = new Headcount("SELECT count(*) FROM " + table);
        this.sweeper = new Sweeper(database, table, "id", "forget_at <= " + now);
    }

    @Override
    public boolean claim(String id, Instant until) {
        sweeper.perhaps();
        long end = until.toEpochMilli();
        return database.write(
                "Using up a request state",
                connection -> headcount.admit(connection, capacity)
                        && Sql.update(connection, claim, StoreKey.of(id), end, end) == 1);
    }

    /** Forgets what may be forgotten. */
    void sweep() {
        sweeper.sweep();
    }
}
