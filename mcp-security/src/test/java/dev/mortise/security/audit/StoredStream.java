package dev.mortise.security.audit;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** The records of a stream, as somebody with all rights in the database may read, change and write them. */
final class StoredStream {
    private final AuditHome home;
    private final String id;
    private final TreeMap<Long, Line> lines = new TreeMap<>();

    StoredStream(AuditHome home, String id) {
        this.home = home;
        this.id = id;
        try (Database database = home.database()) {
            AuditTables tables = new AuditTables(database, Durability.WRITTEN);
            AuditBlocks.Place at = AuditBlocks.Place.BEGIN;
            for (List<Block> some = tables.blocks().after(at, 100);
                    !some.isEmpty();
                    some = tables.blocks().after(at, 100)) {
                for (Block block : some) {
                    at = new AuditBlocks.Place(block.stream(), block.first());
                    if (block.stream().equals(id)) {
                        block.records().forEach(line -> lines.put(line.record().sequence(), line));
                    }
                }
            }
        }
    }

    ChainedRecord record(long number) {
        return lines.get(number).record();
    }

    List<Long> numbers() {
        return List.copyOf(lines.keySet());
    }

    StoredStream delete(long from, long to) {
        lines.subMap(from, true, to, true).clear();
        return this;
    }

    /** Its number is that of its place, whatever it was; and it can be searched for. */
    StoredStream put(long number, ChainedRecord record) {
        ChainedRecord there = new ChainedRecord(
                id,
                number,
                record.previous(),
                record.body(),
                record.commitment(),
                record.hash(),
                record.salt(),
                record.personal());
        Line line = Line.of(there, Keys.NONE);
        JsonNode json = line.jsonOrMissing();
        lines.put(number, new Line(line.text(), Keys.of(json.path("record").path("body"), json.path("personal"))));
        return this;
    }

    StoredStream edit(long number, UnaryOperator<ChainedRecord> change) {
        return put(number, change.apply(record(number)));
    }

    StoredStream search(long number, UnaryOperator<Keys> change) {
        lines.computeIfPresent(number, (n, line) -> new Line(line.text(), change.apply(line.keys())));
        return this;
    }

    /** Makes it something that is no record, though it stays where it was. */
    StoredStream spoil(long number) {
        lines.computeIfPresent(
                number, (n, line) -> new Line(Arrays.copyOf(line.text(), line.text().length - 9), line.keys()));
        return this;
    }

    /** Where it stands, with another number. */
    StoredStream renumber(long number, long other) {
        ChainedRecord old = record(number);
        lines.computeIfPresent(
                number,
                (n, line) -> Line.of(
                        new ChainedRecord(
                                id,
                                other,
                                old.previous(),
                                old.body(),
                                old.commitment(),
                                old.hash(),
                                old.salt(),
                                old.personal()),
                        line.keys()));
        return this;
    }

    /** They keep their numbers, and stand where the other one stood. */
    StoredStream swap(long one, long other) {
        Line line = lines.get(one);
        lines.put(one, lines.get(other));
        lines.put(other, line);
        return this;
    }

    StoredStream shift(long from, long to, long by) {
        TreeMap<Long, ChainedRecord> moved = new TreeMap<>();
        for (long number = from; number <= to; number++) {
            moved.put(number + by, record(number));
        }
        delete(from, to);
        moved.forEach(this::put);
        return this;
    }

    /** Gives a record another body, and hashes as if it had always had it. */
    StoredStream forge(long number, String body) {
        ChainedRecord old = record(number);
        String previous = record(number - 1).hash();
        ChainedRecord unhashed =
                new ChainedRecord(id, number, previous, body, old.commitment(), "", old.salt(), old.personal());
        return put(
                number,
                new ChainedRecord(
                        id,
                        number,
                        previous,
                        body,
                        old.commitment(),
                        Hashes.sha256(unhashed.text()),
                        old.salt(),
                        old.personal()));
    }

    /** @param together how many records to a row */
    void write(int together) {
        List<Long> numbers = List.copyOf(lines.keySet());
        List<Block> blocks = new ArrayList<>();
        for (int from = 0; from < numbers.size(); from += together) {
            List<Line> some = new ArrayList<>();
            for (long number : numbers.subList(from, Math.min(numbers.size(), from + together))) {
                some.add(lines.get(number));
            }
            blocks.add(Block.of(id, numbers.get(from), some));
        }
        replace(home, id, blocks);
    }

    /** Appends what the log would say of itself, and says in the list of streams that it ends there. */
    Head append(Entry.Own... entries) throws SQLException {
        Line last = lines.lastEntry().getValue();
        return write(new Head(id, lines.lastKey(), last.record().hash()), entries);
    }

    /** Makes a stream of such records, as if its writer were gone. */
    static Head invent(AuditHome home, String id, Entry.Own... entries) throws SQLException {
        home.execute("INSERT INTO audit_stream (id, writer, state, witnessed, sequence, hash, opened_at, renewed_at)"
                + " VALUES ('" + id + "', 'somebody', 'sealed', 0, 0, '" + Hashes.NONE + "', 0, 0)");
        return new StoredStream(home, id).write(new Head(id, 0, Hashes.NONE), entries);
    }

    private Head write(Head before, Entry.Own... entries) throws SQLException {
        Batch batch = new Chainer().chain(before, List.of(entries));
        batch.blocks()
                .forEach(block ->
                        block.records().forEach(line -> lines.put(line.record().sequence(), line)));
        write(1);
        Head after = batch.after();
        home.execute("UPDATE audit_stream SET sequence = " + after.sequence() + ", hash = '" + after.hash()
                + "' WHERE id = '" + id + "'");
        return after;
    }

    private static void replace(AuditHome home, String stream, List<Block> blocks) {
        try (Database database = home.database()) {
            String table = database.table("audit_block");
            database.write("Tampering", connection -> {
                Sql.update(connection, "DELETE FROM " + table + " WHERE stream = ?", stream);
                for (Block block : blocks) {
                    Sql.update(
                            connection,
                            "INSERT INTO " + table + " (stream, first_sequence, last_sequence, since, until, marks,"
                                    + " directory, lines) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                            block.stream(),
                            block.first(),
                            block.last(),
                            block.since(),
                            block.until(),
                            block.marks(),
                            block.directory(),
                            block.lines());
                }
                return true;
            });
        }
    }
}
