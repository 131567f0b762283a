package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.observe.SketchStore;
import java.time.Duration;
import java.util.Optional;

/** Sketches of active callers in the table {@code mcp_caller_sketch}. */
final class JdbcSketchStore implements SketchStore {
    private final Database database;
    private final String select;
    private final String upsert;
    private final Sweeper sweeper;

    JdbcSketchStore(Database database) {
        String table = database.table("mcp_caller_sketch");
        String now = database.dialect().now();
        this.database = database;
        this.select = "SELECT content FROM " + table + " WHERE period = ? AND expires_at > " + now;
        this.upsert = "INSERT INTO " + table + " (period, content, expires_at) VALUES (?, ?, " + now + " + ?)"
                + " ON CONFLICT (period) DO UPDATE SET content = excluded.content, expires_at = excluded.expires_at";
        this.sweeper = new Sweeper(database, table, "period", "expires_at <= " + now);
    }

    @Override
    public Optional<byte[]> read(String period) {
        return database.read(
                "Reading a sketch of callers",
                connection -> Sql.first(connection, select, row -> row.getBytes("content"), period));
    }

    @Override
    public void write(String period, byte[] sketch, Duration keep) {
        sweeper.perhaps();
        database.write(
                "Writing a sketch of callers",
                connection -> Sql.update(connection, upsert, period, sketch, keep.toMillis()));
    }

    /** Forgets what is of no more use. */
    void sweep() {
        sweeper.sweep();
    }
}
