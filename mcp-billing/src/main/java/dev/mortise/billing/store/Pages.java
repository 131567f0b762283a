package dev.mortise.billing.store;

import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** What was acknowledged and not yet carried over into totals. Thread-safe. */
final class Pages {
    /** So many are carried over in one transaction. */
    static final int TOGETHER = 256;

    /** What a process has left to be carried over, up to the last of its batches. */
    record Pending(String replica, long through) {}

    /** Of one process, in their order. */
    record Taken(List<Page> pages, long through) {}

    private record Numbered(long sequence, Page page) {}

    private final Tables tables;
    private final Shape one;
    private final String advance;
    private final String advanceAndPut;
    private final String advanceAlone;
    private final String put;
    private final String pending;
    private final String take;
    private final String remove;

    Pages(Tables tables) {
        this.tables = tables;
        one = tables.shape("replica text", "sequence bigint", "body bytea");
        advance = "UPDATE " + tables.replica + " SET sequence = ? WHERE id = ? AND sequence = ? AND strays = 0";
        String into = "INSERT INTO " + tables.page + " (replica, sequence, body) ";
        advanceAndPut = "WITH next AS (" + advance + " RETURNING id) " + into + "SELECT id, ?, ? FROM next";
        advanceAlone = "WITH promise AS (SELECT set_config('synchronous_commit', ?, true) AS made), next AS (" + advance
                + " AND (SELECT made FROM promise) IS NOT NULL RETURNING id) " + into + "SELECT id, ?, ? FROM next";
        put = into + "VALUES (?, ?, ?)";
        pending = "SELECT replica, MAX(sequence) FROM " + tables.page + " GROUP BY replica";
        take = "SELECT sequence, body FROM " + tables.page + " WHERE replica = ? AND sequence <= ?"
                + " ORDER BY sequence LIMIT " + TOGETHER
                + (tables.dialect == Dialect.POSTGRESQL ? " FOR UPDATE" : "");
        remove = "DELETE FROM " + tables.page + " WHERE replica = ? AND sequence <= ?";
    }

    /**
     * Takes the next step of a replica, with its page, if nobody has booked with ids of it.
     *
     * @return false if nothing was done
     */
    boolean advance(Connection connection, String replica, long sequence, Page page) throws SQLException {
        return switch (tables.dialect) {
            case POSTGRESQL -> {
                try (PreparedStatement statement = connection.prepareStatement(advanceAndPut)) {
                    bindStep(statement, 1, replica, sequence);
                    statement.setLong(4, sequence);
                    statement.setBytes(5, page.bytes());
                    yield statement.executeUpdate() == 1;
                }
            }
            case SQLITE -> {
                PreparedStatement statement = one.statements.prepared(connection, advance);
                bindStep(statement, 1, replica, sequence);
                boolean isNext = statement.executeUpdate() == 1;
                if (isNext) {
                    put(connection, replica, sequence, page);
                }
                yield isNext;
            }
        };
    }

    /**
     * As {@link #advance}, in PostgreSQL only: one statement that is its own transaction, and says itself what that has
     * survived when it ends. So it is one round trip, where beginning and ending would be two more.
     */
    boolean advanceAlone(Connection connection, Durability promise, String replica, long sequence, Page page)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(advanceAlone)) {
            statement.setString(1, promise.synchronousCommit());
            bindStep(statement, 2, replica, sequence);
            statement.setLong(5, sequence);
            statement.setBytes(6, page.bytes());
            return statement.executeUpdate() == 1;
        }
    }

    private static void bindStep(PreparedStatement statement, int from, String replica, long sequence)
            throws SQLException {
        statement.setLong(from, sequence);
        statement.setString(from + 1, replica);
        statement.setLong(from + 2, sequence - 1);
    }

    void put(Connection connection, String replica, long sequence, Page page) throws SQLException {
        switch (tables.dialect) {
            case POSTGRESQL -> Sql.update(connection, put, replica, sequence, page.bytes());
            case SQLITE -> {
                PreparedStatement statement = one.statements.prepared(connection, put);
                statement.setString(1, replica);
                statement.setLong(2, sequence);
                statement.setBytes(3, page.bytes());
                statement.executeUpdate();
            }
        }
    }

    List<Pending> pending(Connection connection) throws SQLException {
        return Sql.list(connection, pending, row -> new Pending(row.getString(1), row.getLong(2)));
    }

    /** Locks them: whoever wants them too waits, and then finds them gone. */
    Taken take(Connection connection, Pending which) throws SQLException {
        List<Numbered> found = Sql.list(
                connection,
                take,
                row -> new Numbered(row.getLong(1), Page.read(row.getBytes(2))),
                which.replica(),
                which.through());
        return new Taken(
                found.stream().map(Numbered::page).toList(),
                found.isEmpty() ? which.through() : found.getLast().sequence());
    }

    void remove(Connection connection, String replica, long through) throws SQLException {
        Sql.update(connection, remove, replica, through);
    }
}
