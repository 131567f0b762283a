package dev.mortise.security.audit;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Records of a stream that follow each other, as one row: each a line of the export, and before them the {@link Keys} of
 * each, so that a search reads only the lines that it finds. Where a block ends is of no matter to the chain. Immutable;
 * the arrays are shared.
 */
final class Block {
    /** A block that has so many bytes gets no more records: whoever erases one of them has to write all of it. */
    static final int FULL = 64 * 1024;

    /** How long in milliseconds a block may last: so a search knows where those begin that may have what it wants. */
    static final long LONGEST = 10_000;

    private final String stream;
    private final long first;
    private final long last;
    private final long since;
    private final long until;
    private final long marks;
    private final byte[] directory;
    private final byte[] lines;

    /**
     * As it lies in the database.
     *
     * @param first the number of the first record
     * @param since the time of the earliest, in milliseconds since 1970-01-01T00:00Z
     * @param until the time of the latest
     * @param marks those of all keys together
     * @param directory {@link Keys#BYTES} for each record
     * @param lines each with a line feed at its end
     */
    Block(String stream, long first, long last, long since, long until, long marks, byte[] directory, byte[] lines) {
        this.stream = stream;
        this.first = first;
        this.last = last;
        this.since = since;
        this.until = until;
        this.marks = marks;
        this.directory = directory;
        this.lines = lines;
    }

    /** Those that are kept of a block, or all of it after a change. */
    static Block of(String stream, long first, List<Line> kept) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        ByteBuffer directory = ByteBuffer.allocate(kept.size() * Keys.BYTES);
        long since = Long.MAX_VALUE;
        long until = Long.MIN_VALUE;
        long marks = 0;
        for (Line line : kept) {
            lines.writeBytes(line.text());
            lines.write('\n');
            line.keys().write(directory);
            since = Math.min(since, line.keys().at());
            until = Math.max(until, line.keys().at());
            marks |= line.keys().marks();
        }
        return new Block(
                stream, first, first + kept.size() - 1, since, until, marks, directory.array(), lines.toByteArray());
    }

    List<Line> records() {
        return records(directory, lines);
    }

    /** All of them, also where somebody has made the directory shorter than it was. */
    static List<Line> records(byte[] directory, byte[] lines) {
        List<Line> records = new ArrayList<>();
        ByteBuffer keys = ByteBuffer.wrap(directory);
        int from = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n' || i == lines.length - 1) {
                int end = lines[i] == '\n' ? i : i + 1;
                int index = records.size();
                records.add(new Line(
                        Arrays.copyOfRange(lines, from, end),
                        (index + 1) * Keys.BYTES <= directory.length ? Keys.read(keys, index) : Keys.NONE));
                from = i + 1;
            }
        }
        return records;
    }

    /** Whether the columns are those of its records; of what the directory says of them, see each. */
    boolean isWellKept(List<Line> records) {
        Block anew = of(stream, first, records);
        return last == anew.last
                && since == anew.since
                && until == anew.until
                && marks == anew.marks
                && directory.length == anew.directory.length
                && until - since <= LONGEST;
    }

    String stream() {
        return stream;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    long since() {
        return since;
    }

    long until() {
        return until;
    }

    long marks() {
        return marks;
    }

    byte[] directory() {
        return directory;
    }

    byte[] lines() {
        return lines;
    }
}
