package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Durability;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose SQLite connections wait for the disk as much as the ledger promises.
 * That is of the connection, and cannot be set within a transaction.
 */
record SynchronousSqlite(DataSource dataSource, Durability durability) implements DataSource {
    /**
     * Of 4 KB: how long the log grows before it is copied into the file, which waits for the disk twice. A thousand, which
     * SQLite has by itself, are reached several times a second where many tenants are busy.
     */
    private static final int CHECKPOINT_PAGES = 8_000;

    @Override
    public Connection getConnection() throws SQLException {
        return prepared(dataSource.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        return prepared(dataSource.getConnection(user, password));
    }

    private Connection prepared(Connection connection) throws SQLException {
        if (!"SQLite".equals(connection.getMetaData().getDatabaseProductName())) {
            return connection;
        }
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(true);
            statement.execute("PRAGMA synchronous = " + durability.synchronous());
            statement.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT_PAGES);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return dataSource.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) throws SQLException {
        dataSource.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        dataSource.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return dataSource.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return dataSource.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return dataSource.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return dataSource.isWrapperFor(type);
    }
}
