package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;

/**
 * Over a network: a connection of the data source for each operation, on a virtual thread of its own. Interrupting that
 * thread ends also what knows no time limit, such as reading from a server that has stopped.
 */
final class PooledLane implements Lane {
    private final DataSource dataSource;
    private final Duration timeout;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jdbc-", 0).factory());

    PooledLane(DataSource dataSource, Duration timeout) {
        this.dataSource = dataSource;
        this.timeout = timeout;
    }

    @Override
    public <T> Future<T> read(Database.Work<T> work) {
        return threads.submit(() -> {
            try (Borrowed borrowed = Borrowed.from(dataSource, true, timeout)) {
                return work.run(borrowed.connection());
            }
        });
    }

    @Override
    public <T> Future<T> write(Database.Work<T> work) {
        return threads.submit(() -> {
            try (Borrowed borrowed = Borrowed.from(dataSource, false, timeout)) {
                return transact(borrowed.connection(), work);
            }
        });
    }

    private static <T> T transact(Connection connection, Database.Work<T> work) throws SQLException {
        T result;
        try {
            result = work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.rollback();
            } catch (SQLException rollback) {
                e.addSuppressed(rollback);
            }
            throw e;
        }
        connection.commit();
        return result;
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
