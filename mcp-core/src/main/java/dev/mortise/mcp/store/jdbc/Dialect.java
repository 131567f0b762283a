package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** The databases that are spoken to. Their SQL is the same but for what stands here. */
public enum Dialect {
    POSTGRESQL("(extract(epoch from clock_timestamp()) * 1000)::bigint", " FOR UPDATE SKIP LOCKED"),
    SQLITE("CAST(unixepoch('subsec') * 1000 AS INTEGER)", "");

    private final String now;
    private final String skipLocked;

    Dialect(String now, String skipLocked) {
        this.now = now;
        this.skipLocked = skipLocked;
    }

    /** @throws SQLException if it is another database, with the name of that */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product.toLowerCase(Locale.ROOT)) {
            case "postgresql" -> POSTGRESQL;
            case "sqlite" -> SQLITE;
            default ->
                throw new SQLException("Mortise stores in PostgreSQL or SQLite, but this data source is " + product);
        };
    }

    /** The time by the database's own clock, as an expression: milliseconds since 1970-01-01T00:00Z. */
    public String now() {
        return now;
    }

    /** What to append to a {@code SELECT} of rows to delete, so that two who do so share the work. */
    public String skipLocked() {
        return skipLocked;
    }

    /** The name of the directory of migrations. */
    String directory() {
        return name().toLowerCase(Locale.ROOT);
    }
}
