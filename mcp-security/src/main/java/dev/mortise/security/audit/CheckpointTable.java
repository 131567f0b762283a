package dev.mortise.security.audit;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The checkpoints that lie beside the records. Whoever can write there can write anything: the signatures count. */
final class CheckpointTable {
    private final Database database;
    private final String name;

    CheckpointTable(Database database) {
        this.database = database;
        this.name = database.table("audit_checkpoint");
    }

    String name() {
        return name;
    }

    void keep(SignedCheckpoint checkpoint) {
        database.write("Keeping a checkpoint", connection -> keep(connection, checkpoint));
    }

    int keep(Connection connection, SignedCheckpoint checkpoint) throws SQLException {
        return Sql.update(
                connection,
                "INSERT INTO " + name + " (stream, sequence, purpose, line) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT (stream, sequence, purpose) DO UPDATE SET line = excluded.line",
                checkpoint.stream(),
                checkpoint.sequence(),
                checkpoint.purpose().name(),
                checkpoint.line());
    }

    /** What is signed about a stream by one of these keys; the rest is for the verifier to find. */
    List<SignedCheckpoint> of(String stream, CheckpointKeys keys) {
        List<SignedCheckpoint> signed = new ArrayList<>();
        for (String line : database.read(
                "Reading checkpoints",
                connection -> Sql.list(
                        connection,
                        "SELECT line FROM " + name + " WHERE stream = ?",
                        row -> row.getString(1),
                        stream))) {
            try {
                SignedCheckpoint checkpoint = SignedCheckpoint.parse(line);
                if (checkpoint.stream().equals(stream) && checkpoint.isSignedBy(keys)) {
                    signed.add(checkpoint);
                }
            } catch (IllegalArgumentException e) {
                // As good as one with a wrong signature.
            }
        }
        return signed;
    }

    /**
     * Deletes those that a later one about the same stream has made needless, once what they speak of is gone. The first
     * of its writer stays: it says that somebody began the stream.
     */
    void forget(Head upTo) {
        String first = "SELECT min(sequence) FROM " + name + " WHERE stream = ? AND purpose = 'HEAD'";
        database.write(
                "Pruning checkpoints",
                connection -> Sql.update(
                        connection,
                        "DELETE FROM " + name + " WHERE stream = ? AND sequence < ? AND purpose <> 'END'"
                                + " AND NOT (purpose = 'HEAD' AND sequence = (" + first + "))",
                        upTo.stream(),
                        upTo.sequence(),
                        upTo.stream()));
    }
}
