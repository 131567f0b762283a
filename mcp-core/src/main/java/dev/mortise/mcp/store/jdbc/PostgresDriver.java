package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * What only the driver of the PostgreSQL project can be told. After a few uses it prepares a statement on the server,
 * by a name; behind a pooler that hands each transaction to another connection the name is then not known, or known
 * twice.
 */
final class PostgresDriver {
    private static final boolean PRESENT = isPresent();
    private static final int NOTHING = Integer.MIN_VALUE;

    private PostgresDriver() {}

    private static boolean isPresent() {
        try {
            Class.forName("org.postgresql.PGConnection", false, PostgresDriver.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** @return what to give back to {@link #restore} */
    static int neverPrepareOnServer(Connection connection) throws SQLException {
        return PRESENT ? Present.setThreshold(connection, 0) : NOTHING;
    }

    static void restore(Connection connection, int threshold) throws SQLException {
        if (threshold != NOTHING) {
            Present.setThreshold(connection, threshold);
        }
    }

    /** A class of its own, so that it is only loaded where the driver is. */
    private static final class Present {
        static int setThreshold(Connection connection, int threshold) throws SQLException {
            if (!connection.isWrapperFor(PGConnection.class)) {
                return NOTHING;
            }
            PGConnection postgres = connection.unwrap(PGConnection.class);
            int before = postgres.getPrepareThreshold();
            postgres.setPrepareThreshold(threshold);
            return before;
        }
    }
}
