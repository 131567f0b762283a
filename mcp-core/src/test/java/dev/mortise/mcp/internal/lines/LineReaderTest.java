package dev.mortise.mcp.internal.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineReaderTest {
    private static final String TOO_LONG = "(too long)";

    @Property(tries = 500)
    void howTheBytesArriveMakesNoDifference(
            @ForAll @Size(max = 12) List<@AlphaChars @StringLength(max = 24) String> lines,
            @ForAll boolean carriageReturns,
            @ForAll boolean lastLineEnds,
            @ForAll @IntRange(min = 1, max = 7) int piece)
            throws IOException {
        String end = carriageReturns ? "\r\n" : "\n";
        String text = String.join(end, lines) + (lastLineEnds ? end : "");

        List<String> expected = lines.stream()
                .filter(line -> !line.isEmpty())
                .map(line -> line.length() > 16 ? TOO_LONG : line)
                .toList();
        assertThat(read(new Pieces(text, piece), 16)).isEqualTo(expected);
    }

    @Test
    void aLineOfExactlyTheLimitIsRead() throws IOException {
        String limit = "x".repeat(40_000);
        assertThat(read(new Pieces(limit + "\r\n" + limit + "y\n" + limit + "y\r\nz\n", 50_000), 40_000))
                .containsExactly(limit, TOO_LONG, TOO_LONG, "z");
    }

    @Test
    void aLineThatNeverEndsIsRefusedBeforeItEnds() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThat(new LineReader(endless, 100_000).next()).isInstanceOf(LineReader.Line.TooLong.class);
    }

    @Test
    void linesOfWhiteSpaceAreBlank() throws IOException {
        assertThat(read(new Pieces(" \n\t\r\n\n \r\nx\n\n  ", 3), 16)).containsExactly("x");
    }

    private static List<String> read(InputStream in, int max) throws IOException {
        var reader = new LineReader(in, max);
        List<String> lines = new ArrayList<>();
        while (true) {
            switch (reader.next()) {
                case LineReader.Line.Text text -> lines.add(new String(text.bytes(), StandardCharsets.UTF_8));
                case LineReader.Line.TooLong tooLong -> lines.add(TOO_LONG);
                case LineReader.Line.End end -> {
                    return lines;
                }
            }
        }
    }

    /** A stream that gives a few bytes at a time. */
    private static final class Pieces extends ByteArrayInputStream {
        private final int piece;

        Pieces(String text, int piece) {
            super(text.getBytes(StandardCharsets.UTF_8));
            this.piece = piece;
        }

        @Override
        public synchronized int read(byte[] into, int offset, int length) {
            return super.read(into, offset, Math.min(length, piece));
        }
    }
}
