package dev.mortise.mcp.store.jdbc;

import java.sql.SQLException;

/** Where the work of a database is done: on which threads, over which connections. Thread-safe. */
sealed interface Lane extends AutoCloseable permits PooledLane, SqliteLane {
    /** Statements that each stand for themselves, and change nothing. */
    <T> Result<T> read(Database.Work<T> work) throws SQLException;

    /** One transaction. */
    <T> Result<T> write(Database.Work<T> work) throws SQLException;

    @Override
    void close();
}
