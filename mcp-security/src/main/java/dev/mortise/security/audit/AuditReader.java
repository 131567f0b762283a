package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.internal.json.CanonicalJson;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the log of all replicas. Thread-safe. Everything throws {@link StoreUnavailable} if the database is down. */
public final class AuditReader {
    private static final int AT_ONCE = 1000;

    private final AuditTables tables;

    AuditReader(AuditTables tables) {
        this.tables = tables;
    }

    /** @throws IllegalArgumentException if the cursor is none that a page had */
    public AuditPage find(AuditQuery query) {
        StringBuilder where = new StringBuilder(" WHERE at >= ? AND at < ?");
        List<@Nullable Object> values = new ArrayList<>();
        Instant from = query.from();
        Instant to = query.to();
        values.add(from == null ? Long.MIN_VALUE : from.toEpochMilli());
        values.add(to == null ? Long.MAX_VALUE : to.toEpochMilli());
        equal(where, values, "tenant_key", Row.key(query.tenant()));
        equal(where, values, "subject_key", Row.key(query.subject()));
        equal(where, values, "target_key", Row.key(query.target()));
        equal(where, values, "kind", query.kind() == null ? null : query.kind().name());
        equal(
                where,
                values,
                "outcome",
                query.outcome() == null ? null : query.outcome().name());
        String cursor = query.cursor();
        if (cursor != null) {
            Cursor position = Cursor.parse(cursor);
            where.append(" AND (at, stream, sequence) < (?, ?, ?)");
            values.addAll(List.of(position.at(), position.stream(), position.sequence()));
        }
        values.add(query.limit() + 1);
        List<Found> found = tables.database()
                .read(
                        "Searching the audit log",
                        connection -> Sql.list(
                                connection,
                                "SELECT " + AuditTables.columns() + ", at FROM " + tables.records() + where
                                        + " ORDER BY at DESC, stream DESC, sequence DESC LIMIT ?",
                                row -> new Found(AuditTables.record(row), row.getLong("at")),
                                values.toArray()));
        boolean more = found.size() > query.limit();
        List<Found> page = more ? found.subList(0, query.limit()) : found;
        return new AuditPage(
                page.stream().map(AuditReader::item).toList(), more ? new Cursor(page.getLast()).text() : null);
    }

    private static void equal(
            StringBuilder where, List<@Nullable Object> values, String column, @Nullable String value) {
        if (value != null) {
            where.append(" AND ").append(column).append(" = ?");
            values.add(value);
        }
    }

    record Found(ChainedRecord record, long at) {}

    record Cursor(long at, String stream, long sequence) {
        Cursor(Found found) {
            this(found.at(), found.record().stream(), found.record().sequence());
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

    private static AuditPage.Item item(Found found) {
        ChainedRecord record = found.record();
        try {
            JsonNode body = Json.read(record.body().getBytes(StandardCharsets.UTF_8));
            String text = record.personal();
            JsonNode personal = Json.read((text == null ? "{}" : text).getBytes(StandardCharsets.UTF_8));
            String level = Row.text(body, "level");
            AuditEvent event = new AuditEvent(
                    Instant.parse(body.path("at").asString("")),
                    AuditEvent.Kind.valueOf(body.path("kind").asString("")),
                    AuditEvent.Outcome.valueOf(body.path("outcome").asString("")),
                    Row.text(personal, "subject"),
                    Row.text(body, "tenant"),
                    Row.text(personal, "credential"),
                    Row.text(body, "method"),
                    Row.text(personal, "target"),
                    level == null ? null : SecurityLevel.valueOf(level),
                    Row.text(body, "reason"),
                    Row.text(personal, "requestId"),
                    Row.text(body, "traceId"),
                    details(body.has("log") ? body.path("log") : personal.path("details")));
            return new AuditPage.Item(record.stream(), record.sequence(), event, record.isErased());
        } catch (Json.InvalidJson | IllegalArgumentException | DateTimeException e) {
            throw new StoreUnavailable(
                    "Record " + record.sequence() + " of the audit stream " + record.stream()
                            + " is not as it was written: verify the log",
                    e);
        }
    }

    private static Map<String, String> details(JsonNode node) {
        Map<String, String> details = new TreeMap<>();
        node.properties()
                .forEach(member -> details.put(
                        member.getKey(),
                        member.getValue().isString()
                                ? member.getValue().stringValue()
                                : CanonicalJson.of(member.getValue())));
        return details;
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
        try {
            return new AuditVerifier(keys, external).verify(source());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private AuditSource source() {
        return new DatabaseSource(tables, AT_ONCE);
    }

    /** Where a record is; what comes after it is behind it. */
    record Place(String stream, long sequence) {
        static final Place BEGIN = new Place("", 0);
    }

    /** The place so many records ahead; {@code null} if there are not so many left. */
    @Nullable
    Place ahead(Place at, int records) {
        return tables.database()
                .read(
                        "Going through the audit log",
                        connection -> Sql.first(
                                connection,
                                "SELECT stream, sequence FROM " + tables.records()
                                        + " WHERE (stream, sequence) > (?, ?) ORDER BY stream, sequence LIMIT 1 OFFSET "
                                        + (records - 1),
                                row -> new Place(row.getString(1), row.getLong(2)),
                                at.stream(),
                                at.sequence()))
                .orElse(null);
    }

    /** The records of somebody between two places whose personal part is still there. */
    List<ChainedRecord> about(@Nullable String tenantKey, String subjectKey, Place after, @Nullable Place upTo) {
        StringBuilder where = new StringBuilder(" WHERE (stream, sequence) > (?, ?)");
        List<@Nullable Object> values = new ArrayList<>(List.of(after.stream(), after.sequence()));
        if (upTo != null) {
            where.append(" AND (stream, sequence) <= (?, ?)");
            values.addAll(List.of(upTo.stream(), upTo.sequence()));
        }
        where.append(" AND (subject_key = ? OR target_key = ?)");
        values.addAll(List.of(subjectKey, subjectKey));
        equal(where, values, "tenant_key", tenantKey);
        return tables.database()
                .read(
                        "Looking for records to erase",
                        connection -> Sql.list(
                                connection,
                                "SELECT " + AuditTables.columns() + " FROM " + tables.records() + where
                                        + " ORDER BY stream, sequence",
                                AuditTables::record,
                                values.toArray()));
    }

    /** For each stream the last record of the beginning that is all older; streams without one are left out. */
    List<Head> olderThan(Instant before) {
        String records = tables.records();
        return tables.database()
                .read(
                        "Looking for records to prune",
                        connection -> Sql.list(
                                connection,
                                "SELECT r.stream, r.sequence, r.hash FROM " + records
                                        + " r JOIN (SELECT s.id AS stream,"
                                        + " coalesce((SELECT min(n.sequence) - 1 FROM " + records
                                        + " n WHERE n.stream = s.id AND n.at >= ?), s.sequence) AS last FROM "
                                        + tables.streams() + " s) b ON r.stream = b.stream AND r.sequence = b.last",
                                row -> new Head(
                                        row.getString(1),
                                        row.getLong(2),
                                        HexFormat.of().formatHex(row.getBytes(3))),
                                before.toEpochMilli()));
    }
}
