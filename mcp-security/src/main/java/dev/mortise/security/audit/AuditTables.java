package dev.mortise.security.audit;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The tables of the log. Thread-safe. */
final class AuditTables {
    private static final String HISTORY = "audit_migrations";
    private static final List<String> MIGRATIONS = List.of("001-audit");
    private static final String COLUMNS = "stream, sequence, previous, hash, body, commitment, salt, personal";
    private static final int MOST_HEADS = 200;

    private final Database database;
    private final String streams;
    private final String records;
    private final String checkpoints;
    private final String now;

    AuditTables(Database database) {
        this.database = database;
        this.streams = database.table("audit_stream");
        this.records = database.table("audit_record");
        this.checkpoints = database.table("audit_checkpoint");
        this.now = database.dialect().now();
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

    /**
     * Begins a stream. Its first record names the ends of others that nobody has on record yet, and where those that are
     * open have come to.
     */
    Batch open(String stream, String writer, Function<List<Head>, Batch> first) {
        return database.write("Opening an audit stream", connection -> {
            List<Head> heads = Sql.list(
                    connection,
                    "SELECT id, sequence, hash FROM " + streams
                            + " WHERE (witnessed = 0 OR state = 'open') AND sequence > 0 ORDER BY id LIMIT "
                            + MOST_HEADS,
                    AuditTables::head);
            Batch batch = first.apply(heads);
            Sql.update(
                    connection,
                    "INSERT INTO " + streams
                            + " (id, writer, state, witnessed, sequence, hash, opened_at, renewed_at)"
                            + " VALUES (?, ?, 'open', 0, 0, ?, " + now + ", " + now + ")",
                    stream,
                    writer,
                    Hashes.NONE);
            insert(connection, batch);
            advance(connection, batch, "open");
            witnessed(connection, heads);
            return batch;
        });
    }

    /** Appends to a stream that is open and ends where the batch begins. */
    Appended append(Batch batch, boolean last) {
        return database.write("Writing to the audit log", connection -> {
            String lock = database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE" : "";
            Optional<Head> head = Sql.first(
                    connection,
                    "SELECT id, sequence, hash FROM " + streams + " WHERE id = ?" + lock,
                    AuditTables::head,
                    batch.before().stream());
            if (head.isPresent() && head.get().equals(batch.after())) {
                return Appended.BEFORE;
            }
            if (head.isEmpty() || !head.get().equals(batch.before())) {
                return Appended.FENCED;
            }
            if (advance(connection, batch, last ? "closed" : "open") == 0) {
                return Appended.FENCED;
            }
            insert(connection, batch);
            return Appended.YES;
        });
    }

    private int advance(Connection connection, Batch batch, String state) throws SQLException {
        Head after = batch.after();
        return Sql.update(
                connection,
                "UPDATE " + streams + " SET sequence = ?, hash = ?, state = ?, renewed_at = " + now
                        + " WHERE id = ? AND sequence = ? AND state = 'open'",
                after.sequence(),
                after.hash(),
                state,
                after.stream(),
                batch.before().sequence());
    }

    private void insert(Connection connection, Batch batch) throws SQLException {
        String sql = "INSERT INTO " + records + " (" + COLUMNS
                + ", at, kind, outcome, tenant_key, subject_key, target_key)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (Link link : batch.links()) {
                Row row = link.entry.row();
                statement.setString(1, batch.before().stream());
                statement.setLong(2, link.sequence);
                statement.setBytes(3, link.previous);
                statement.setBytes(4, link.hash);
                statement.setBytes(5, link.body);
                statement.setBytes(6, link.commitment);
                bytes(statement, 7, link.salt);
                bytes(statement, 8, link.personal);
                statement.setLong(9, row.at());
                statement.setString(10, row.kind());
                statement.setString(11, row.outcome());
                text(statement, 12, row.tenantKey());
                text(statement, 13, row.subjectKey());
                text(statement, 14, row.targetKey());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }

    private static void bytes(PreparedStatement statement, int index, byte @Nullable [] value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.BINARY);
        } else {
            statement.setBytes(index, value);
        }
    }

    private static void text(PreparedStatement statement, int index, @Nullable String value) throws SQLException {
        if (value == null) {
            statement.setNull(index, Types.VARCHAR);
        } else {
            statement.setString(index, value);
        }
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

    /** Streams that have ended, and which no other stream has on record. */
    List<Head> ended() {
        return database.read(
                "Looking for ended audit streams",
                connection -> Sql.list(
                        connection,
                        "SELECT id, sequence, hash FROM " + streams
                                + " WHERE witnessed = 0 AND state <> 'open' AND sequence > 0 ORDER BY id LIMIT "
                                + MOST_HEADS,
                        AuditTables::head));
    }

    void witnessed(List<Head> heads) {
        database.write("Noting ended audit streams", connection -> {
            witnessed(connection, heads);
            return true;
        });
    }

    private void witnessed(Connection connection, List<Head> heads) throws SQLException {
        for (Head head : heads) {
            Sql.update(
                    connection,
                    "UPDATE " + streams + " SET witnessed = 1 WHERE id = ? AND sequence = ? AND state <> 'open'",
                    head.stream(),
                    head.sequence());
        }
    }

    void keep(SignedCheckpoint checkpoint) {
        database.write(
                "Keeping a checkpoint",
                connection -> Sql.update(
                        connection,
                        "INSERT INTO " + checkpoints + " (stream, sequence, purpose, line) VALUES (?, ?, ?, ?)"
                                + " ON CONFLICT (stream, sequence, purpose) DO UPDATE SET line = excluded.line",
                        checkpoint.stream(),
                        checkpoint.sequence(),
                        checkpoint.purpose().name(),
                        checkpoint.line()));
    }

    /** Nulls the personal part of records, and what is searched by it. */
    void erase(List<ChainedRecord> erased) {
        database.write("Erasing", connection -> {
            for (ChainedRecord record : erased) {
                Sql.update(
                        connection,
                        "UPDATE " + records + " SET salt = NULL, personal = NULL, subject_key = NULL,"
                                + " target_key = NULL WHERE stream = ? AND sequence = ?",
                        record.stream(),
                        record.sequence());
            }
            return true;
        });
    }

    /** Deletes the beginning of a stream, a part at a time and from the beginning. @return how many records went */
    int prune(Head upTo, int atMost) {
        return database.write(
                "Pruning",
                connection -> Sql.update(
                        connection,
                        "DELETE FROM " + records + " WHERE stream = ? AND sequence IN (SELECT sequence FROM " + records
                                + " WHERE stream = ? AND sequence <= ? ORDER BY sequence LIMIT " + atMost + ")",
                        upTo.stream(),
                        upTo.stream(),
                        upTo.sequence()));
    }

    /** Checkpoints that a later one about the same stream has made needless, once what they speak of is gone. */
    void forgetCheckpoints(Head upTo) {
        database.write(
                "Pruning checkpoints",
                connection -> Sql.update(
                        connection,
                        "DELETE FROM " + checkpoints + " WHERE stream = ? AND sequence <= ? AND NOT (sequence = ?)"
                                + " AND purpose <> 'END'",
                        upTo.stream(),
                        upTo.sequence(),
                        upTo.sequence()));
    }

    static Head head(ResultSet row) throws SQLException {
        return new Head(row.getString(1), row.getLong(2), row.getString(3));
    }

    static ChainedRecord record(ResultSet row) throws SQLException {
        return Link.record(
                row.getString("stream"),
                row.getLong("sequence"),
                row.getBytes("previous"),
                row.getBytes("body"),
                row.getBytes("commitment"),
                row.getBytes("hash"),
                row.getBytes("salt"),
                row.getBytes("personal"));
    }

    Database database() {
        return database;
    }

    String streams() {
        return streams;
    }

    String records() {
        return records;
    }

    String checkpoints() {
        return checkpoints;
    }

    static String columns() {
        return COLUMNS;
    }
}
