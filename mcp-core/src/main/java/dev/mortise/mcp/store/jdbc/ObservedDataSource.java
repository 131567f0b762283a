package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.observe.WorkObserver;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source that tells whatever store is opened over it who observes: each operation of the store is then observed on
 * the thread that waits for it, under the store's own words for it. Statements and their arguments are not shown. Other
 * code finds a data source like any. Thread-safe.
 */
public final class ObservedDataSource implements DataSource {
    private final DataSource dataSource;
    private final WorkObserver observer;

    private ObservedDataSource(DataSource dataSource, WorkObserver observer) {
        this.dataSource = dataSource;
        this.observer = observer;
    }

    public static DataSource of(DataSource dataSource, WorkObserver observer) {
        return new ObservedDataSource(dataSource, observer);
    }

    /** Also through wrappers of others, as pools and proxies are; one that cannot say what it wraps is observed by nobody. */
    static WorkObserver observerOf(DataSource dataSource) {
        try {
            return dataSource.isWrapperFor(WorkObserver.class)
                    ? dataSource.unwrap(WorkObserver.class)
                    : WorkObserver.NONE;
        } catch (SQLException | RuntimeException e) {
            return WorkObserver.NONE;
        }
    }

    @Override
    public Connection getConnection() throws SQLException {
        return dataSource.getConnection();
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return dataSource.getConnection(username, password);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type == WorkObserver.class || type.isInstance(dataSource) || dataSource.isWrapperFor(type);
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type == WorkObserver.class) {
            return type.cast(observer);
        }
        return type.isInstance(dataSource) ? type.cast(dataSource) : dataSource.unwrap(type);
    }

    @Override
    public @Nullable PrintWriter getLogWriter() throws SQLException {
        return dataSource.getLogWriter();
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter writer) throws SQLException {
        dataSource.setLogWriter(writer);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return dataSource.getLoginTimeout();
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        dataSource.setLoginTimeout(seconds);
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return dataSource.getParentLogger();
    }
}
