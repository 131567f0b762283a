package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The connection of one thread, opened when it is needed, and anew after it broke. Not thread-safe. */
final class SqliteConnection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SqliteConnection.class);

    private static final int BUSY = 5;
    /** The bits of an error code that are not a refinement of it. */
    private static final int PRIMARY = 0xff;

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final DataSource dataSource;
    private final Duration timeout;
    private final List<String> pragmas;
    private @Nullable Connection connection;

    /**
     * @param pragmas of each connection, beyond what all have
     */
    SqliteConnection(DataSource dataSource, Duration timeout, List<String> pragmas) {
        this.dataSource = dataSource;
        this.timeout = timeout;
        this.pragmas = pragmas;
    }

    Connection open() throws SQLException {
        if (connection != null) {
            return connection;
        }
        Connection opened = dataSource.getConnection();
        try (Statement statement = opened.createStatement()) {
            opened.setAutoCommit(true);
            // Other processes may write to the same file.
            statement.execute("PRAGMA busy_timeout = " + timeout.toMillis());
            requireFile(statement);
            // Before the first page of a new file is written: it decides how large all of them are.
            for (String pragma : pragmas) {
                statement.execute(pragma);
            }
            writeAhead(statement);
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
        connection = opened;
        return opened;
    }

    /**
     * Once for each file, in truth. SQLite does not wait for others who are doing the same, whatever its time-out, so it
     * is tried again.
     */
    private void writeAhead(Statement statement) throws SQLException {
        long begun = System.nanoTime();
        while (true) {
            try {
                statement.execute("PRAGMA journal_mode = WAL");
                return;
            } catch (SQLException e) {
                if ((e.getErrorCode() & PRIMARY) != BUSY || System.nanoTime() - begun > timeout.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
                if (Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
    }

    private static void requireFile(Statement statement) throws SQLException {
        try (ResultSet databases = statement.executeQuery("PRAGMA database_list")) {
            while (databases.next()) {
                String file = databases.getString("file");
                if ("main".equals(databases.getString("name")) && (file == null || file.isEmpty())) {
                    throw new SQLException(
                            "A SQLite database in memory is another one for each connection: give a file");
                }
            }
        }
    }

    @Override
    public void close() {
        Connection old = connection;
        connection = null;
        if (old != null) {
            try {
                old.close();
            } catch (SQLException e) {
                LOG.debug("A connection that is given up does not close", e);
            }
        }
    }
}
