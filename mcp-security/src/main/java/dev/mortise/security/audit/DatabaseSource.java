package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.List;

/** The tables themselves, a thousand records at a time. */
final class DatabaseSource implements AuditSource {
    private final AuditTables tables;
    private final int atOnce;

    DatabaseSource(AuditTables tables, int atOnce) {
        this.tables = tables;
        this.atOnce = atOnce;
    }

    private record Stored(ChainedRecord record, Row row) {
        static Stored of(ResultSet row) throws SQLException {
            return new Stored(
                    AuditTables.record(row),
                    new Row(
                            row.getLong("at"),
                            row.getString("kind"),
                            row.getString("outcome"),
                            row.getString("tenant_key"),
                            row.getString("subject_key"),
                            row.getString("target_key")));
        }
    }

    @Override
    public void read(Visitor visitor) {
        String streams = "SELECT id, sequence, hash, state, writer FROM " + tables.streams()
                + " WHERE id > ? ORDER BY id LIMIT " + atOnce;
        List<StreamState> some;
        String from = "";
        do {
            String after = from;
            some = tables.database()
                    .read(
                            "Reading audit streams",
                            connection -> Sql.list(
                                    connection,
                                    streams,
                                    row -> new StreamState(AuditTables.head(row), row.getString(4), row.getString(5)),
                                    after));
            some.forEach(visitor::stream);
            from = some.isEmpty() ? "" : some.getLast().head().stream();
        } while (some.size() == atOnce);
        checkpoints(visitor);
        records(visitor);
    }

    private record Line(String stream, long sequence, String purpose, String line) {}

    private void checkpoints(Visitor visitor) {
        String sql = "SELECT stream, sequence, purpose, line FROM " + tables.checkpoints()
                + " WHERE (stream, sequence, purpose) > (?, ?, ?) ORDER BY stream, sequence, purpose LIMIT " + atOnce;
        List<Line> lines;
        Line last = new Line("", -1, "", "");
        do {
            Line after = last;
            lines = tables.database()
                    .read(
                            "Reading checkpoints",
                            connection -> Sql.list(
                                    connection,
                                    sql,
                                    row -> new Line(
                                            row.getString(1), row.getLong(2), row.getString(3), row.getString(4)),
                                    after.stream(),
                                    after.sequence(),
                                    after.purpose()));
            for (Line line : lines) {
                last = line;
                try {
                    visitor.checkpoint(SignedCheckpoint.parse(line.line()));
                } catch (IllegalArgumentException e) {
                    visitor.problem(AuditFinding.at(
                            AuditFinding.Kind.MALFORMED, line.stream(), line.sequence(), "a checkpoint is none"));
                }
            }
        } while (lines.size() == atOnce);
    }

    private void records(Visitor visitor) {
        String sql = "SELECT " + AuditTables.columns()
                + ", at, kind, outcome, tenant_key, subject_key, target_key FROM " + tables.records()
                + " WHERE (stream, sequence) > (?, ?) ORDER BY stream, sequence LIMIT " + atOnce;
        List<Stored> records;
        String stream = "";
        long sequence = -1;
        do {
            String afterStream = stream;
            long afterSequence = sequence;
            records = tables.database()
                    .read(
                            "Reading audit records",
                            connection -> Sql.list(connection, sql, Stored::of, afterStream, afterSequence));
            for (Stored stored : records) {
                check(stored, visitor);
                visitor.record(stored.record());
                stream = stored.record().stream();
                sequence = stored.record().sequence();
            }
        } while (records.size() == atOnce);
    }

    /** Who cannot be searched for is as good as gone. */
    private static void check(Stored stored, Visitor visitor) {
        ChainedRecord record = stored.record();
        try {
            if (Row.of(record).equals(stored.row())) {
                return;
            }
        } catch (Json.InvalidJson | DateTimeException e) {
            visitor.problem(AuditFinding.at(
                    AuditFinding.Kind.MALFORMED,
                    record.stream(),
                    record.sequence(),
                    "it is no record of an audit log"));
            return;
        }
        visitor.problem(AuditFinding.at(
                AuditFinding.Kind.SEARCH_COLUMNS,
                record.stream(),
                record.sequence(),
                "the columns to search by say something else than the record"));
    }
}
