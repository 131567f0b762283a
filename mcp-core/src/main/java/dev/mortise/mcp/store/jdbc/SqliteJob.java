package dev.mortise.mcp.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** A piece of work that waits for its turn. It is told how it ended only when that is certain: after the commit. */
final class SqliteJob<T extends @Nullable Object> {
    private final Database.Work<T> work;
    private final Result<T> result = Result.told();
    private @Nullable T value;
    private @Nullable Throwable failure;

    SqliteJob(Database.Work<T> work) {
        this.work = work;
    }

    Result<T> result() {
        return result;
    }

    /** Whoever wanted it has given up before it was begun. */
    boolean isAbandoned() {
        return result.isCancelled();
    }

    void run(Connection connection) {
        try {
            value = work.run(connection);
        } catch (SQLException | RuntimeException | Error e) {
            failure = e;
        }
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Failed in the database, and not in the code: the connection may be of no use any more. */
    boolean brokeConnection() {
        return failure instanceof SQLException;
    }

    /** It takes effect, or it failed by itself. */
    @SuppressWarnings("NullAway") // Where T is not nullable, neither is what work has returned.
    void finish() {
        if (failure == null) {
            result.succeeded(value);
        } else {
            result.failed(failure);
        }
    }

    /** It did not take effect, whatever it did. */
    void fail(Throwable cause) {
        result.failed(failure == null ? cause : failure);
    }
}
