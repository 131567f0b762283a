package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import javax.sql.DataSource;

/** Puts a borrowed connection into the state that our work needs, and back into the one that its owner gave it in. */
final class Borrowed implements AutoCloseable {
    private final Connection connection;
    private final boolean autoCommit;
    private final int networkTimeout;
    private final int prepareThreshold;

    private Borrowed(Connection connection, boolean autoCommit, int networkTimeout, int prepareThreshold) {
        this.connection = connection;
        this.autoCommit = autoCommit;
        this.networkTimeout = networkTimeout;
        this.prepareThreshold = prepareThreshold;
    }

    static Borrowed from(DataSource dataSource, boolean autoCommit) throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            Borrowed before = new Borrowed(
                    connection,
                    connection.getAutoCommit(),
                    networkTimeout(connection),
                    PostgresDriver.neverPrepareUnasked(connection));
            if (before.networkTimeout > 0) {
                // Who waits for the work interrupts it. That each read had an alarm would cost more than what it reads.
                connection.setNetworkTimeout(Runnable::run, 0);
            }
            connection.setAutoCommit(autoCommit);
            return before;
        } catch (SQLException | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    Connection connection() {
        return connection;
    }

    /** @return −1 if the driver has none, and 0 if it is without */
    private static int networkTimeout(Connection connection) throws SQLException {
        try {
            return connection.getNetworkTimeout();
        } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
            return -1;
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            if (!connection.isClosed()) {
                connection.setAutoCommit(autoCommit);
                if (networkTimeout > 0) {
                    connection.setNetworkTimeout(Runnable::run, networkTimeout);
                }
                PostgresDriver.restore(connection, prepareThreshold);
            }
        }
    }
}
