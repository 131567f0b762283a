package dev.mortise.billing.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Statements that stay prepared for as long as their connection is open: SQLite compiles them anew each time otherwise,
 * which takes longer than to run most of them. For connections that are kept, and used by one thread each. Thread-safe.
 */
final class Statements {
    /**
     * Of 4 KB: how long the log grows before it is copied into the file, which waits for the disk twice. A thousand, which
     * SQLite has by itself, are reached several times a second where many tenants are busy.
     */
    private static final int CHECKPOINT_PAGES = 8_000;

    private final Map<Connection, Map<String, PreparedStatement>> open = new ConcurrentHashMap<>();

    /** The connection's statement; it is not to be closed. */
    PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        Map<String, PreparedStatement> mine = open.get(connection);
        if (mine == null) {
            forgetClosed();
            mine = new HashMap<>();
            open.put(connection, mine);
            checkpointSeldom(connection);
        }
        PreparedStatement known = mine.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            mine.put(sql, known);
        }
        return known;
    }

    private static void checkpointSeldom(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
        }
    }

    /** A connection that broke is replaced by another one. */
    private void forgetClosed() throws SQLException {
        for (Connection connection : List.copyOf(open.keySet())) {
            if (connection.isClosed()) {
                open.remove(connection);
            }
        }
    }
}
