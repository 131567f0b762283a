package dev.mortise.security.store;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import dev.mortise.security.standing.Change;
import dev.mortise.security.standing.ChangeLog;
import dev.mortise.security.standing.RevokedCredentials;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Changes in the table {@code sec_change}, and revoked tokens. */
final class JdbcChanges implements ChangeLog, RevokedCredentials {
    private static final Duration KEPT = Duration.ofDays(1);
    private static final int SWEEP_EVERY = 64;

    private final Database database;
    private final Clock clock;
    private final String head;
    private final String advance;
    private final String insert;
    private final String after;
    private final String forget;
    private final String revoke;
    private final String revoked;
    private final String forgetRevoked;

    JdbcChanges(Database database, Clock clock) {
        String table = database.table("sec_change");
        String headTable = database.table("sec_change_head");
        String revokedTable = database.table("sec_revoked_credential");
        this.database = database;
        this.clock = clock;
        this.head = "SELECT position FROM " + headTable;
        this.advance = "UPDATE " + headTable + " SET position = position + 1 RETURNING position";
        this.insert = "INSERT INTO " + table + " (position, kind, id, created_at) VALUES (?, ?, ?, ?)";
        this.after = "SELECT position, kind, id FROM " + table + " WHERE position > ? ORDER BY position LIMIT ?";
        this.forget = "DELETE FROM " + table + " WHERE created_at < ?";
        this.revoke = "INSERT INTO " + revokedTable + " (id, forget_at) VALUES (?, ?)"
                + " ON CONFLICT (id) DO UPDATE SET forget_at = CASE WHEN excluded.forget_at > " + revokedTable
                + ".forget_at THEN excluded.forget_at ELSE " + revokedTable + ".forget_at END";
        this.revoked = "SELECT count(*) FROM " + revokedTable + " WHERE id = ?";
        this.forgetRevoked = "DELETE FROM " + revokedTable + " WHERE forget_at < ?";
    }

    /**
     * Takes down a change, in the transaction of the change. From here to the commit no other change is made; so it comes
     * first in its transaction, before anything is read that the change depends on.
     */
    void write(Connection connection, Change.Kind kind, String id) throws SQLException {
        long next = Sql.first(connection, advance, row -> row.getLong(1))
                .orElseThrow(() -> new SQLException("sec_change_head lacks its row"));
        long now = clock.millis();
        Sql.update(connection, insert, next, kind.name(), id, now);
        if (next % SWEEP_EVERY == 0) {
            Sql.update(connection, forget, now - KEPT.toMillis());
            Sql.update(connection, forgetRevoked, now - MemoryChanges.BEHIND.toMillis());
        }
    }

    @Override
    public long position() {
        return database.read("Looking for changes", connection -> Sql.number(connection, head));
    }

    @Override
    public List<Change> after(long known, int limit) {
        return database.read(
                "Looking for changes",
                connection -> Sql.list(
                        connection,
                        after,
                        row -> new Change(row.getLong(1), Change.Kind.valueOf(row.getString(2)), row.getString(3)),
                        known,
                        limit));
    }

    @Override
    public void revoke(String id, Instant until) {
        database.write("Revoking a credential", connection -> {
            write(connection, Change.Kind.CREDENTIAL, id);
            return Sql.update(connection, revoke, id, until.toEpochMilli());
        });
    }

    @Override
    public boolean isRevoked(String id) {
        return Columns.isPlain(id)
                && database.read("Looking for a revocation", connection -> Sql.number(connection, revoked, id) > 0);
    }
}
