package dev.mortise.security.audit;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Durability;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/** The tables of the log. Thread-safe. */
final class AuditTables {
    private static final String HISTORY = "audit_migrations";
    private static final List<String> MIGRATIONS = List.of("001-audit");
    private static final int MOST_HEADS = 200;

    private final Database database;
    private final Durability durability;
    private final String streams;
    private final String blocks;
    private final AuditBlocks reads;
    private final CheckpointTable checkpoints;
    private final String now;
    private final Statements statements;
    private final String advance;
    private final String close;
    private final String insert;
    private final String appendAlone;

    /** @param durability that the database was opened with */
    AuditTables(Database database, Durability durability) {
        this.database = database;
        this.durability = durability;
        this.streams = database.table("audit_stream");
        this.blocks = database.table("audit_block");
        this.reads = new AuditBlocks(database, blocks, streams);
        this.checkpoints = new CheckpointTable(database);
        this.now = database.dialect().now();
        this.statements = Statements.of(database.dialect());
        // The state is left alone where it stays: SQLite would write the index that it is in, too.
        String head = "UPDATE " + streams + " SET sequence = ?, hash = ?, renewed_at = " + now;
        String where = " WHERE id = ? AND sequence = ? AND hash = ? AND state = 'open'";
        this.advance = head + where;
        this.close = head + ", state = 'closed'" + where;
        this.insert = "INSERT INTO " + blocks + " (" + AuditBlocks.COLUMNS + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
        this.appendAlone = "WITH promise AS (SELECT set_config('synchronous_commit', ?, true) AS made), next AS ("
                + advance
                + " AND (SELECT made FROM promise) IS NOT NULL RETURNING id) INSERT INTO " + blocks + " ("
                + AuditBlocks.COLUMNS
                + ") SELECT id, ?, ?, ?, ?, ?, ?, ? FROM next";
    }

    static Migrations migrations(Database database) {
        return Migrations.of(database, HISTORY, AuditTables.class, MIGRATIONS);
    }

    /** How an attempt to append ended. */
    enum Appended {
        YES,
        /** An earlier attempt had done it, although it seemed to fail. */
        BEFORE,
        /** The stream is not this writer's any more. */
        FENCED
    }

    /** The ends of streams that nobody has on record yet, and where those that are open have come to. */
    List<Head> unrecorded() {
        return database.read(
                "Looking for audit streams",
                connection -> Sql.list(
                        connection,
                        "SELECT id, sequence, hash FROM " + streams
                                + " WHERE (witnessed = 0 OR state = 'open') AND sequence > 0 ORDER BY id LIMIT "
                                + MOST_HEADS,
                        AuditTables::head));
    }

    /**
     * Begins a stream.
     *
     * @param first with the first record, which names others
     * @param opening the signature of that record: a stream without one is nobody's
     */
    void open(String writer, Batch first, List<Head> others, SignedCheckpoint opening) {
        database.write("Opening an audit stream", connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO " + streams
                            + " (id, writer, state, witnessed, sequence, hash, opened_at, renewed_at)"
                            + " VALUES (?, ?, 'open', 0, 0, ?, " + now + ", " + now + ")",
                    first.before().stream(),
                    writer,
                    first.before().hash());
            insert(connection, first);
            advance(connection, first, advance);
            checkpoints.keep(connection, opening);
            witnessed(connection, others);
            return true;
        });
    }

    /** Appends to a stream that is open and ends where the batch begins. */
    Appended append(Batch batch, boolean last) {
        if (database.dialect() == Dialect.POSTGRESQL
                && !last
                && batch.blocks().size() == 1
                && appendAlone(batch, batch.blocks().getFirst())) {
            return Appended.YES;
        }
        return database.write("Writing to the audit log", connection -> {
            // Waits for an earlier attempt that is still under way, so that what is read afterwards is how that ended.
            if (advance(connection, batch, last ? close : advance) == 1) {
                insert(connection, batch);
                return Appended.YES;
            }
            Optional<Head> head = Sql.first(
                    connection,
                    "SELECT id, sequence, hash FROM " + streams + " WHERE id = ?",
                    AuditTables::head,
                    batch.before().stream());
            return head.isPresent() && head.get().equals(batch.after()) ? Appended.BEFORE : Appended.FENCED;
        });
    }

    /**
     * In PostgreSQL, one statement that is its own transaction and says itself what that survives: one round trip instead of four.
     *
     * @return false if nothing was done
     */
    private boolean appendAlone(Batch batch, Block block) {
        return database.read(
                "Writing to the audit log",
                connection -> statements.run(connection, appendAlone, statement -> {
                            statement.setString(1, durability.synchronousCommit());
                            bindStep(statement, 2, batch);
                            bind(statement, 7, block);
                            return statement.executeUpdate();
                        })
                        == 1);
    }

    private int advance(Connection connection, Batch batch, String sql) throws SQLException {
        return statements.run(connection, sql, statement -> {
            bindStep(statement, 1, batch);
            return statement.executeUpdate();
        });
    }

    private static void bindStep(PreparedStatement statement, int from, Batch batch) throws SQLException {
        statement.setLong(from, batch.after().sequence());
        statement.setString(from + 1, batch.after().hash());
        statement.setString(from + 2, batch.after().stream());
        statement.setLong(from + 3, batch.before().sequence());
        statement.setString(from + 4, batch.before().hash());
    }

    private void insert(Connection connection, Batch batch) throws SQLException {
        statements.run(connection, insert, statement -> {
            for (Block block : batch.blocks()) {
                statement.setString(1, block.stream());
                bind(statement, 2, block);
                statement.addBatch();
            }
            return statement.executeBatch().length;
        });
    }

    /** All but its stream. */
    private static void bind(PreparedStatement statement, int from, Block block) throws SQLException {
        statement.setLong(from, block.first());
        statement.setLong(from + 1, block.last());
        statement.setLong(from + 2, block.since());
        statement.setLong(from + 3, block.until());
        statement.setLong(from + 4, block.marks());
        statement.setBytes(from + 5, block.directory());
        statement.setBytes(from + 6, block.lines());
    }

    /** Says that the writer of a stream lives. */
    void renew(String stream) {
        database.write(
                "Renewing an audit stream",
                connection -> Sql.update(
                        connection,
                        "UPDATE " + streams + " SET renewed_at = " + now + " WHERE id = ? AND state = 'open'",
                        stream));
    }

    /** Ends streams whose writers have not been heard of for so long. From then on nothing is appended to them. */
    List<Head> seal(String except, Duration lease) {
        return database.write("Sealing audit streams", connection -> {
            List<Head> dead = Sql.list(
                    connection,
                    "SELECT id, sequence, hash FROM " + streams + " WHERE state = 'open' AND id <> ? AND renewed_at < "
                            + now + " - ? ORDER BY id LIMIT " + MOST_HEADS
                            + database.dialect().skipLocked(),
                    AuditTables::head,
                    except,
                    lease.toMillis());
            for (Head head : dead) {
                Sql.update(connection, "UPDATE " + streams + " SET state = 'sealed' WHERE id = ?", head.stream());
            }
            return dead;
        });
    }

    /**
     * Streams that have ended, and which no other stream has on record, some at a time.
     *
     * @param after the last one that was read; empty for none
     */
    List<Head> ended(String after) {
        return database.read(
                "Looking for ended audit streams",
                connection -> Sql.list(
                        connection,
                        "SELECT id, sequence, hash FROM " + streams
                                + " WHERE witnessed = 0 AND state <> 'open' AND sequence > 0 AND id > ?"
                                + " ORDER BY id LIMIT " + MOST_HEADS,
                        AuditTables::head,
                        after));
    }

    void witnessed(List<Head> heads) {
        database.write("Noting ended audit streams", connection -> {
            witnessed(connection, heads);
            return true;
        });
    }

    /** Unless the end is still to be signed: whoever does so looks for it by this. */
    private void witnessed(Connection connection, List<Head> heads) throws SQLException {
        for (Head head : heads) {
            Sql.update(
                    connection,
                    "UPDATE " + streams + " SET witnessed = 1 WHERE id = ? AND sequence = ? AND state <> 'open'"
                            + " AND EXISTS (SELECT 1 FROM " + checkpoints.name()
                            + " WHERE stream = id AND purpose = 'END')",
                    head.stream(),
                    head.sequence());
        }
    }

    /**
     * Writes the blocks anew that have these records, without what is personal in them.
     *
     * @param numbers of records of one stream
     * @return how many of them there were, and had something personal
     */
    int erase(String stream, Collection<Long> numbers) {
        return database.write("Erasing", connection -> {
            lock(connection, stream);
            TreeSet<Long> left = new TreeSet<>(numbers);
            int erased = 0;
            while (!left.isEmpty()) {
                Optional<Block> found = around(connection, stream, left.first());
                if (found.isEmpty()) {
                    // Somebody has pruned it.
                    left.pollFirst();
                    continue;
                }
                Block block = found.get();
                NavigableSet<Long> inside = left.headSet(block.last(), true);
                Erased after = Erased.of(block, inside);
                replace(connection, block, after.block());
                erased += after.records();
                inside.clear();
            }
            return erased;
        });
    }

    /** Blocks are read, changed and written: one who does so to a stream at a time. */
    private void lock(Connection connection, String stream) throws SQLException {
        if (database.dialect() == Dialect.POSTGRESQL) {
            Sql.first(connection, "SELECT id FROM " + streams + " WHERE id = ? FOR UPDATE", row -> true, stream);
        }
    }

    private Optional<Block> around(Connection connection, String stream, long number) throws SQLException {
        return Sql.first(
                connection,
                "SELECT " + AuditBlocks.COLUMNS + " FROM " + blocks
                        + " WHERE stream = ? AND first_sequence <= ? AND last_sequence >= ?"
                        + " ORDER BY first_sequence DESC LIMIT 1",
                AuditBlocks::block,
                stream,
                number,
                number);
    }

    private void replace(Connection connection, Block old, Block anew) throws SQLException {
        Sql.update(
                connection,
                "UPDATE " + blocks + " SET first_sequence = ?, last_sequence = ?, since = ?, until = ?, marks = ?,"
                        + " directory = ?, lines = ? WHERE stream = ? AND first_sequence = ?",
                anew.first(),
                anew.last(),
                anew.since(),
                anew.until(),
                anew.marks(),
                anew.directory(),
                anew.lines(),
                old.stream(),
                old.first());
    }

    /**
     * Deletes the beginning of a stream, a part at a time and from the beginning.
     *
     * @return how many records went; none if there are no more
     */
    long prune(Head upTo, int blocksAtMost) {
        return database.write("Pruning", connection -> {
            lock(connection, upTo.stream());
            List<Span> old = Sql.list(
                    connection,
                    "SELECT first_sequence, last_sequence FROM " + blocks
                            + " WHERE stream = ? AND first_sequence <= ? ORDER BY first_sequence LIMIT " + blocksAtMost,
                    row -> new Span(row.getLong(1), row.getLong(2)),
                    upTo.stream(),
                    upTo.sequence());
            long pruned = 0;
            for (Span span : old) {
                pruned += span.last() <= upTo.sequence()
                        ? delete(connection, upTo.stream(), span)
                        : shorten(connection, upTo, span);
            }
            return pruned;
        });
    }

    private record Span(long first, long last) {}

    private long delete(Connection connection, String stream, Span span) throws SQLException {
        Sql.update(
                connection, "DELETE FROM " + blocks + " WHERE stream = ? AND first_sequence = ?", stream, span.first());
        return span.last() - span.first() + 1;
    }

    private long shorten(Connection connection, Head upTo, Span span) throws SQLException {
        Optional<Block> found = around(connection, upTo.stream(), upTo.sequence());
        if (found.isEmpty()) {
            return 0;
        }
        Block block = found.get();
        List<Line> records = block.records();
        int gone = (int) Math.min(records.size(), upTo.sequence() - span.first() + 1);
        replace(
                connection,
                block,
                Block.of(block.stream(), upTo.sequence() + 1, records.subList(gone, records.size())));
        return gone;
    }

    static Head head(ResultSet row) throws SQLException {
        return new Head(row.getString(1), row.getLong(2), row.getString(3));
    }

    /** Blocks as they lie there, in the orders in which they are wanted. */
    AuditBlocks blocks() {
        return reads;
    }

    Database database() {
        return database;
    }

    String streams() {
        return streams;
    }

    CheckpointTable checkpoints() {
        return checkpoints;
    }
}
