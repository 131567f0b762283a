package dev.mortise.mcp.internal.lines;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Cuts a byte stream into the lines of the stdio framing, which end with {@code \n}; {@code \r\n} and blank lines
 * are tolerated. Holds one line at the most, and of a line that is too long nothing: the rest of it is read away.
 * For one thread.
 */
public final class LineReader {
    private static final int CHUNK = 16 * 1024;

    /** What was read. */
    public sealed interface Line {
        /** A line that is not blank, without its end. The last line of the stream needs no end. */
        final class Text implements Line {
            private final byte[] bytes;

            private Text(byte[] bytes) {
                this.bytes = bytes;
            }

            public byte[] bytes() {
                return bytes;
            }
        }

        /** A line longer than allowed; its rest is skipped by the next call. */
        record TooLong() implements Line {}

        /** The end of the stream. */
        record End() implements Line {}
    }

    private final InputStream in;
    private final int maxBytes;
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int to;
    private boolean skipping;

    public LineReader(InputStream in, int maxBytes) {
        this.in = in;
        this.maxBytes = maxBytes;
    }

    /** Waits for the next line. */
    public Line next() throws IOException {
        while (true) {
            Line line = skipping ? skip() : line();
            if (!(line instanceof Line.Text text) || !isBlank(text.bytes())) {
                return line;
            }
        }
    }

    private Line line() throws IOException {
        var gathered = new ByteArrayOutputStream(0);
        while (true) {
            int end = indexOfNewline();
            int stop = end < 0 ? to : end;
            // One byte more than the limit may be the \r of a line end.
            if (gathered.size() + (stop - from) > maxBytes + 1) {
                skipping = true;
                return new Line.TooLong();
            }
            if (end >= 0 && gathered.size() == 0) {
                byte[] whole = Arrays.copyOfRange(chunk, from, end);
                from = end + 1;
                return finished(whole);
            }
            gathered.write(chunk, from, stop - from);
            from = end < 0 ? to : end + 1;
            if (end >= 0) {
                return finished(gathered.toByteArray());
            }
            if (!fill()) {
                return gathered.size() == 0 ? new Line.End() : finished(gathered.toByteArray());
            }
        }
    }

    private Line finished(byte[] line) {
        boolean carriageReturn = line.length > 0 && line[line.length - 1] == '\r';
        byte[] text = carriageReturn ? Arrays.copyOf(line, line.length - 1) : line;
        return text.length > maxBytes ? new Line.TooLong() : new Line.Text(text);
    }

    private Line skip() throws IOException {
        do {
            int end = indexOfNewline();
            if (end >= 0) {
                from = end + 1;
                skipping = false;
                return line();
            }
        } while (fill());
        return new Line.End();
    }

    private int indexOfNewline() {
        for (int i = from; i < to; i++) {
            if (chunk[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    /** Replaces the chunk, which was used up, by the next. */
    private boolean fill() throws IOException {
        from = 0;
        to = Math.max(0, in.read(chunk));
        return to > 0;
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
