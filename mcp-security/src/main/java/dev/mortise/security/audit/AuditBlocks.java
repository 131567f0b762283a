package dev.mortise.security.audit;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads blocks of the log, in the orders in which they are wanted. Thread-safe. */
final class AuditBlocks {
    /** All of a block, in the order in which it is made of a row. */
    static final String COLUMNS = "stream, first_sequence, last_sequence, since, until, marks, directory, lines";

    private final Database database;
    private final String blocks;
    private final String streams;

    /**
     * Prepares it.
     *
     * @param blocks the name of the table
     * @param streams the name of the table that they refer to
     */
    AuditBlocks(Database database, String blocks, String streams) {
        this.database = database;
        this.blocks = blocks;
        this.streams = streams;
    }

    /** From a row with all COLUMNS. */
    static Block block(ResultSet row) throws SQLException {
        return new Block(
                row.getString(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getLong(6),
                row.getBytes(7),
                row.getBytes(8));
    }

    /** The lines of a block; {@code null} if it is not there. */
    byte @Nullable [] lines(String stream, long first) {
        return database.read(
                        "Reading audit records",
                        connection -> Sql.first(
                                connection,
                                "SELECT lines FROM " + blocks + " WHERE stream = ? AND first_sequence = ?",
                                row -> row.getBytes(1),
                                stream,
                                first))
                .orElse(null);
    }

    /**
     * Blocks back in time, by their ends.
     *
     * @param after the last one that was read; {@code null} for none
     * @param marks that they have to have all of
     */
    List<FoundBlock> backFrom(@Nullable FoundBlock after, long from, long to, long marks, int atMost) {
        StringBuilder where = new StringBuilder(" WHERE until >= ? AND until <= ?");
        List<@Nullable Object> values = new ArrayList<>(List.of(from, to));
        if (marks != 0) {
            where.append(" AND (marks & ?) = ?");
            values.addAll(List.of(marks, marks));
        }
        if (after != null) {
            where.append(" AND (until, stream, first_sequence) < (?, ?, ?)");
            values.addAll(List.of(after.until(), after.stream(), after.first()));
        }
        return database.read(
                "Searching the audit log",
                connection -> Sql.list(
                        connection,
                        "SELECT " + FoundBlock.columns() + " FROM " + blocks + where
                                + " ORDER BY until DESC, stream DESC, first_sequence DESC LIMIT " + atMost,
                        FoundBlock::of,
                        values.toArray()));
    }

    /** Where a block begins; what comes after it is behind it. */
    record Place(String stream, long first) {
        static final Place BEGIN = new Place("", 0);
    }

    /** The place so many blocks ahead; nothing if there are not so many left. */
    Optional<Place> ahead(Place at, int count) {
        return database.read(
                "Going through the audit log",
                connection -> Sql.first(
                        connection,
                        "SELECT stream, first_sequence FROM " + blocks
                                + " WHERE (stream, first_sequence) > (?, ?) ORDER BY stream, first_sequence"
                                + " LIMIT 1 OFFSET " + (count - 1),
                        row -> new Place(row.getString(1), row.getLong(2)),
                        at.stream(),
                        at.first()));
    }

    /** Blocks between two places that may have something of somebody. */
    List<FoundBlock> about(Keys subject, Keys target, Place after, @Nullable Place upTo, int atMost) {
        String end = upTo == null ? "" : " AND (stream, first_sequence) <= (?, ?)";
        List<@Nullable Object> values = new ArrayList<>(List.of(after.stream(), after.first()));
        if (upTo != null) {
            values.addAll(List.of(upTo.stream(), upTo.first()));
        }
        values.addAll(List.of(subject.marks(), subject.marks(), target.marks(), target.marks()));
        return database.read(
                "Looking for records to erase",
                connection -> Sql.list(
                        connection,
                        "SELECT " + FoundBlock.columns() + " FROM " + blocks
                                + " WHERE (stream, first_sequence) > (?, ?)" + end
                                + " AND ((marks & ?) = ? OR (marks & ?) = ?)"
                                + " ORDER BY stream, first_sequence LIMIT " + atMost,
                        FoundBlock::of,
                        values.toArray()));
    }

    /** All blocks, some at a time, in the order of the streams and of the numbers in them. */
    List<Block> after(Place place, int atMost) {
        return database.read(
                "Reading audit records",
                connection -> Sql.list(
                        connection,
                        "SELECT " + COLUMNS + " FROM " + blocks
                                + " WHERE (stream, first_sequence) > (?, ?) ORDER BY stream, first_sequence LIMIT "
                                + atMost,
                        AuditBlocks::block,
                        place.stream(),
                        place.first()));
    }

    /** The streams that have any. */
    List<String> streams() {
        return database.read(
                "Looking for audit streams",
                connection -> Sql.list(
                        connection,
                        "SELECT id FROM " + streams + " s WHERE EXISTS (SELECT 1 FROM " + blocks
                                + " b WHERE b.stream = s.id) ORDER BY id",
                        row -> row.getString(1)));
    }

    /** Blocks of a stream, in the order of their numbers. */
    List<Block> ofStream(String stream, long from, int atMost) {
        return database.read(
                "Reading audit records",
                connection -> Sql.list(
                        connection,
                        "SELECT " + COLUMNS + " FROM " + blocks
                                + " WHERE stream = ? AND first_sequence >= ? ORDER BY first_sequence LIMIT " + atMost,
                        AuditBlocks::block,
                        stream,
                        from));
    }

    /** Where the block begins that has a record of this number; 0 if all that is left comes after it. */
    long holding(String stream, long number) {
        return oneNumber(
                "SELECT coalesce(max(first_sequence), 0) FROM " + blocks + " WHERE stream = ? AND first_sequence <= ?",
                stream,
                number);
    }

    /** Where the first block of a stream begins; 0 if there is none. */
    long first(String stream) {
        return oneNumber("SELECT coalesce(min(first_sequence), 0) FROM " + blocks + " WHERE stream = ?", stream);
    }

    private long oneNumber(String sql, Object... values) {
        return database.read(
                        "Reading audit records",
                        connection -> Sql.first(connection, sql, row -> row.getLong(1), values))
                .orElse(0L);
    }
}
