package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** One transaction for several pieces of work, of which each may fail without the others. */
final class SqliteTransaction {
    private SqliteTransaction() {}

    /** @throws SQLException if nothing of it took effect, or that cannot be told */
    static void run(Connection connection, List<SqliteJob<?>> jobs) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // At once a writer: a reader that becomes one may find that it can never get the lock.
            statement.execute("BEGIN IMMEDIATE");
            try {
                statement.execute(runAll(connection, statement, jobs) ? "COMMIT" : "ROLLBACK");
            } catch (SQLException | RuntimeException e) {
                try {
                    statement.execute("ROLLBACK");
                } catch (SQLException rollback) {
                    e.addSuppressed(rollback);
                }
                throw e;
            }
        }
    }

    /** @return false if all of it is to be undone */
    private static boolean runAll(Connection connection, Statement statement, List<SqliteJob<?>> jobs)
            throws SQLException {
        if (jobs.size() == 1) {
            // Needs no savepoint, for which SQLite copies what it changes: a few large pages are a file of their own.
            SqliteJob<?> job = jobs.getFirst();
            if (!job.isAbandoned()) {
                job.run(connection);
            }
            return !job.hasFailed();
        }
        for (SqliteJob<?> job : jobs) {
            runOne(connection, statement, job);
        }
        return true;
    }

    private static void runOne(Connection connection, Statement statement, SqliteJob<?> job) throws SQLException {
        if (job.isAbandoned()) {
            return;
        }
        statement.execute("SAVEPOINT job");
        job.run(connection);
        if (job.hasFailed()) {
            statement.execute("ROLLBACK TO job");
        }
        statement.execute("RELEASE job");
    }
}
