package dev.mortise.security.audit;

import dev.mortise.mcp.store.jdbc.Dialect;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The statements of every batch. In SQLite they stay prepared for as long as their connection is open, because to compile
 * them takes longer than to run most of them. In PostgreSQL, where connections are borrowed, they are closed after use.
 * In SQLite for transactions only, all of which are run by one thread, over one connection.
 */
final class Statements {
    private final boolean keeps;
    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private @Nullable Connection of;

    private Statements(boolean keeps) {
        this.keeps = keeps;
    }

    static Statements of(Dialect dialect) {
        return new Statements(
                switch (dialect) {
                    case SQLITE -> true;
                    case POSTGRESQL -> false;
                });
    }

    interface Use {
        int with(PreparedStatement statement) throws SQLException;
    }

    @SuppressWarnings(
            "ReferenceEquality") // A statement belongs to one connection, and to no other that is equal to it.
    int run(Connection connection, String sql, Use use) throws SQLException {
        if (!keeps) {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                return use.with(statement);
            }
        }
        if (of != connection) {
            // The one before was closed, and its statements with it.
            kept.clear();
            of = connection;
        }
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            kept.put(sql, statement);
        }
        return use.with(statement);
    }
}
