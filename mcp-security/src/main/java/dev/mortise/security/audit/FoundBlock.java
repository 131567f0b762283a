package dev.mortise.security.audit;

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A block of which only the directory was read, or all of it where that is little. Not thread-safe. */
final class FoundBlock {
    /** So many bytes of lines come along: to ask for them one block at a time would take longer. */
    static final int SMALL = 4096;

    private final String stream;
    private final long first;
    private final long until;
    private final byte[] directory;
    private final byte @Nullable [] lines;
    private @Nullable List<Line> records;
    private boolean isGone;

    private FoundBlock(String stream, long first, long until, byte[] directory, byte @Nullable [] lines) {
        this.stream = stream;
        this.first = first;
        this.until = until;
        this.directory = directory;
        this.lines = lines;
    }

    static String columns() {
        return "stream, first_sequence, until, directory, CASE WHEN length(lines) <= " + SMALL + " THEN lines END";
    }

    static FoundBlock of(ResultSet row) throws SQLException {
        return new FoundBlock(row.getString(1), row.getLong(2), row.getLong(3), row.getBytes(4), row.getBytes(5));
    }

    String stream() {
        return stream;
    }

    long first() {
        return first;
    }

    long until() {
        return until;
    }

    byte[] directory() {
        return directory;
    }

    boolean mayHave(Predicate<Keys> asked) {
        ByteBuffer keys = ByteBuffer.wrap(directory);
        for (int i = 0; (i + 1) * Keys.BYTES <= directory.length; i++) {
            if (asked.test(Keys.read(keys, i))) {
                return true;
            }
        }
        return false;
    }

    /** @return {@code null} if the block is not there any more */
    @Nullable
    List<Line> records(AuditTables tables) {
        if (records == null && !isGone) {
            byte[] read = lines == null ? tables.blocks().lines(stream, first) : lines;
            isGone = read == null;
            records = read == null ? null : Block.records(directory, read);
        }
        return records;
    }
}
