package dev.mortise.billing.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Statements that stay prepared for as long as their connection is open: SQLite compiles them anew each time otherwise,
 * which takes longer than to run most of them. For connections that are kept, and used by one thread each. Thread-safe.
 */
final class Statements {
    private final Map<Connection, Map<String, PreparedStatement>> open = new ConcurrentHashMap<>();

    /** The connection's statement; it is not to be closed. */
    PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        Map<String, PreparedStatement> mine = open.get(connection);
        if (mine == null) {
            forgetClosed();
            mine = new HashMap<>();
            open.put(connection, mine);
        }
        PreparedStatement known = mine.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            mine.put(sql, known);
        }
        return known;
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
