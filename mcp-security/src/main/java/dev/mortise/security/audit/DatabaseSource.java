package dev.mortise.security.audit;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Sql;
import java.time.DateTimeException;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The tables themselves, some rows at a time. */
final class DatabaseSource implements AuditSource {
    private static final int AT_ONCE = 1000;
    /** A megabyte, if they are full. */
    private static final int BLOCKS = 16;

    private final AuditTables tables;

    DatabaseSource(AuditTables tables) {
        this.tables = tables;
    }

    @Override
    public void read(Visitor visitor) {
        String streams = "SELECT id, sequence, hash, state, writer FROM " + tables.streams()
                + " WHERE id > ? ORDER BY id LIMIT " + AT_ONCE;
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
        } while (some.size() == AT_ONCE);
        checkpoints(visitor);
        records(visitor);
    }

    private record Checkpoint(String stream, long sequence, String purpose, String line) {}

    private void checkpoints(Visitor visitor) {
        String sql = "SELECT stream, sequence, purpose, line FROM "
                + tables.checkpoints().name()
                + " WHERE (stream, sequence, purpose) > (?, ?, ?) ORDER BY stream, sequence, purpose LIMIT " + AT_ONCE;
        List<Checkpoint> lines;
        Checkpoint last = new Checkpoint("", -1, "", "");
        do {
            Checkpoint after = last;
            lines = tables.database()
                    .read(
                            "Reading checkpoints",
                            connection -> Sql.list(
                                    connection,
                                    sql,
                                    row -> new Checkpoint(
                                            row.getString(1), row.getLong(2), row.getString(3), row.getString(4)),
                                    after.stream(),
                                    after.sequence(),
                                    after.purpose()));
            for (Checkpoint line : lines) {
                last = line;
                try {
                    visitor.checkpoint(SignedCheckpoint.parse(line.line()));
                } catch (IllegalArgumentException e) {
                    visitor.problem(AuditFinding.at(
                            AuditFinding.Kind.MALFORMED, line.stream(), line.sequence(), "a checkpoint is none"));
                }
            }
        } while (lines.size() == AT_ONCE);
    }

    private void records(Visitor visitor) {
        List<Block> blocks;
        AuditBlocks.Place last = AuditBlocks.Place.BEGIN;
        do {
            blocks = tables.blocks().after(last, BLOCKS);
            for (Block block : blocks) {
                block(block, visitor);
                last = new AuditBlocks.Place(block.stream(), block.first());
            }
        } while (blocks.size() == BLOCKS);
    }

    private static void block(Block block, Visitor visitor) {
        List<Line> lines = block.records();
        boolean isWellKept = block.isWellKept(lines);
        long number = block.first();
        for (Line line : lines) {
            try {
                JsonNode json = Json.read(line.text());
                ChainedRecord record = ExportLine.record(json);
                isWellKept &= record.sequence() == number && record.stream().equals(block.stream());
                if (!areOf(json, line.keys())) {
                    searchColumns(visitor, record.stream(), record.sequence(), record.sequence());
                }
                visitor.record(record);
            } catch (Json.InvalidJson | IllegalArgumentException e) {
                malformed(visitor, block.stream(), number);
            }
            number++;
        }
        if (!isWellKept) {
            searchColumns(visitor, block.stream(), block.first(), Math.max(block.first(), block.last()));
        }
    }

    private static boolean areOf(JsonNode line, Keys keys) {
        try {
            return Keys.of(line.path("record").path("body"), line.path("personal"))
                    .equals(keys);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static void malformed(Visitor visitor, String stream, long number) {
        visitor.problem(
                AuditFinding.at(AuditFinding.Kind.MALFORMED, stream, number, "it is no record of an audit log"));
    }

    /** Who cannot be searched for is as good as gone. */
    private static void searchColumns(Visitor visitor, String stream, long from, long to) {
        visitor.problem(new AuditFinding(
                AuditFinding.Kind.SEARCH_COLUMNS,
                stream,
                from,
                to,
                "what it is searched by says something else than the record"));
    }
}
