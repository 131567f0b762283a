package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.sql.DataSource;

/**
 * Over a network: a connection of the data source for each operation, on a virtual thread of its own. Interrupting that
 * thread ends also what knows no time limit, such as reading from a server that has stopped.
 */
final class PooledLane implements Lane {
    private final DataSource dataSource;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("jdbc-", 0).factory());

    PooledLane(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    @Override
    public <T> Result<T> read(Database.Work<T> work) {
        return start(Result.of(() -> {
            try (Borrowed borrowed = Borrowed.from(dataSource, true)) {
                return work.run(borrowed.connection());
            }
        }));
    }

    @Override
    public <T> Result<T> write(Database.Work<T> work) {
        return start(Result.of(() -> {
            try (Borrowed borrowed = Borrowed.from(dataSource, false)) {
                return transact(borrowed.connection(), work);
            }
        }));
    }

    private <T> Result<T> start(Result<T> result) {
        threads.execute(result);
        return result;
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
