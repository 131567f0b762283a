package dev.mortise.security.audit;

import dev.mortise.mcp.store.StoreUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.LongConsumer;

/** Reads the log of all replicas. Thread-safe. Everything throws {@link StoreUnavailable} if the database is down. */
public final class AuditReader {
    private final AuditTables tables;
    private final Duration limit;

    /** @param limit how long a search may take */
    AuditReader(AuditTables tables, Duration limit) {
        this.tables = tables;
        this.limit = limit;
    }

    /**
     * Searches back in time.
     *
     * @throws IllegalArgumentException if the cursor is none that a page had
     * @throws StoreUnavailable if it takes longer than an operation of the database may, too
     */
    public AuditPage find(AuditQuery query) {
        return new AuditSearch(tables, query, limit).page();
    }

    /** A place in the order in which is searched. */
    record Cursor(long at, String stream, long sequence) implements Comparable<Cursor> {
        private static final Comparator<Cursor> ORDER = Comparator.comparingLong(Cursor::at)
                .thenComparing(Cursor::stream)
                .thenComparingLong(Cursor::sequence);

        @Override
        public int compareTo(Cursor other) {
            return ORDER.compare(this, other);
        }

        String text() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((at + "." + stream + "." + sequence).getBytes(StandardCharsets.UTF_8));
        }

        static Cursor parse(String text) {
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split("\\.", -1);
                if (parts.length == 3) {
                    return new Cursor(
                            Long.parseLong(parts[0]),
                            ExportLine.requireHex(parts[1], "stream", 32),
                            Long.parseLong(parts[2]));
                }
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException("This is no cursor of the audit log", e);
            }
            throw new IllegalArgumentException("This is no cursor of the audit log");
        }
    }

    /**
     * Writes all of the log as JSON lines: streams, checkpoints, records, and a last line that says how many records. What
     * is written to the log meanwhile may be in it or not.
     */
    public void export(OutputStream out) throws IOException {
        long[] count = new long[1];
        try {
            source().read(new AuditSource.Visitor() {
                @Override
                public void stream(StreamState stream) {
                    line(out, ExportLine.of(stream));
                }

                @Override
                public void checkpoint(SignedCheckpoint checkpoint) {
                    line(out, checkpoint.line());
                }

                @Override
                public void record(ChainedRecord record) {
                    count[0]++;
                    line(out, ExportLine.of(record));
                }

                @Override
                public void problem(AuditFinding finding) {
                    // What the columns say is of no matter outside the database.
                }
            });
            line(out, ExportLine.end(count[0]));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void line(OutputStream out, String line) {
        try {
            out.write(line.getBytes(StandardCharsets.UTF_8));
            out.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Verifies all of the log where it is, the columns that are searched included.
     *
     * @param external checkpoints that were kept elsewhere
     */
    public AuditReport verify(CheckpointKeys keys, Collection<SignedCheckpoint> external) {
        return verify(keys, external, read -> {});
    }

    /**
     * As above.
     *
     * @param progress is told of each record how many were read: each is read twice
     */
    public AuditReport verify(CheckpointKeys keys, Collection<SignedCheckpoint> external, LongConsumer progress) {
        try {
            return new AuditVerifier(keys, external, progress).verify(source());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AuditSource source() {
        return new DatabaseSource(tables);
    }
}
