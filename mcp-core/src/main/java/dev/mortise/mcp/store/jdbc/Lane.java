package dev.mortise.mcp.store.jdbc;

import java.sql.SQLException;
import java.util.concurrent.Future;

/** Where the work of a database is done: on which threads, over which connections. Thread-safe. */
sealed interface Lane extends AutoCloseable permits PooledLane, SqliteLane {
    /** Statements that each stand for themselves, and change nothing. */
    <T> Future<T> read(Database.Work<T> work) throws SQLException;

    /** One transaction. */
    <T> Future<T> write(Database.Work<T> work) throws SQLException;

    @Override
    void close();
}
