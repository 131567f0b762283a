package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.internal.store.PlainText;
import dev.mortise.mcp.store.SessionStore;
import dev.mortise.mcp.store.StoreKey;
import dev.mortise.mcp.store.StoredSession;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Legacy sessions in the table {@code mcp_session}. */
final class JdbcSessionStore implements SessionStore {
    private static final int PROBATION_SHARE = 10;

    private final Database database;
    private final int maxSessions;
    private final int maxPerGroup;
    private final Headcount probation;
    private final Headcount used;
    private final Sweeper sweeper;
    private final String insert;
    private final String select;
    private final String update;
    private final String touch;
    private final String newcomer;
    private final String promote;
    private final String countGroup;
    private final String giveUpOfGroup;
    private final String giveUpOnProbation;
    private final String delete;

    JdbcSessionStore(Database database, int maxSessions, int maxPerGroup) {
        String table = database.table("mcp_session");
        String now = database.dialect().now();
        String skipLocked = database.dialect().skipLocked();
        String alive = " WHERE id = ? AND expires_at > " + now;
        this.database = database;
        this.maxSessions = maxSessions;
        this.maxPerGroup = maxPerGroup;
        this.probation = new Headcount("SELECT count(*) FROM " + table + " WHERE in_use = 0");
        this.used = new Headcount("SELECT count(*) FROM " + table + " WHERE in_use = 1 AND expires_at > " + now);
        this.sweeper = new Sweeper(database, table, "id", "expires_at <= " + now);
        this.insert = "INSERT INTO " + table + " (id, owner, group_name, group_key, revision, content, expires_at,"
                + " in_use, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, 0, " + now + ")";
        this.select = "SELECT id, owner, group_name, revision, content, expires_at FROM " + table + alive;
        this.update = "UPDATE " + table + " SET revision = ?, content = ?" + alive + " AND revision = ?";
        this.touch = "UPDATE " + table + " SET expires_at = ?, used_at = " + now + alive + " AND in_use = 1";
        this.newcomer = "SELECT group_key FROM " + table + alive + " AND in_use = 0"
                + (database.dialect() == Dialect.POSTGRESQL ? " FOR UPDATE" : "");
        this.promote = "UPDATE " + table + " SET expires_at = ?, used_at = " + now + ", in_use = 1 WHERE id = ?";
        this.countGroup = "SELECT count(*) FROM " + table + " WHERE group_key = ? AND in_use = ?";
        this.giveUpOfGroup = "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table
                + " WHERE group_key = ? AND in_use = ? ORDER BY used_at LIMIT ?" + skipLocked + ")";
        this.giveUpOnProbation = "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table
                + " WHERE in_use = 0 ORDER BY used_at LIMIT 1" + skipLocked + ")";
        this.delete = "DELETE FROM " + table + " WHERE id = ?";
    }

    @Override
    public boolean create(StoredSession session) {
        int room = Math.max(1, maxSessions / PROBATION_SHARE);
        return database.write("Creating a session", connection -> {
            String group = StoreKey.of(session.group());
            makeRoom(connection, group, 0, Math.max(1, room / PROBATION_SHARE));
            if (!probation.admit(connection, room)) {
                Sql.update(connection, giveUpOnProbation);
            }
            Sql.update(
                    connection,
                    insert,
                    StoreKey.of(session.id()),
                    PlainText.encode(session.owner()),
                    PlainText.encode(session.group()),
                    group,
                    session.revision(),
                    session.content(),
                    session.expires().toEpochMilli());
            return true;
        });
    }

    /** So that one more of a group fits in. */
    private void makeRoom(Connection connection, String group, int inUse, int limit) throws SQLException {
        long tooMany = Sql.number(connection, countGroup, group, inUse) - limit + 1;
        if (tooMany > 0) {
            Sql.update(connection, giveUpOfGroup, group, inUse, tooMany);
        }
    }

    @Override
    public Optional<StoredSession> find(String id) {
        return database.read(
                "Finding a session",
                connection -> Sql.first(connection, select, row -> session(id, row), StoreKey.of(id)));
    }

    private static StoredSession session(String id, ResultSet row) throws SQLException {
        return new StoredSession(
                id,
                PlainText.decode(row.getString("owner")),
                PlainText.decode(row.getString("group_name")),
                row.getLong("revision"),
                row.getBytes("content"),
                Instant.ofEpochMilli(row.getLong("expires_at")));
    }

    @Override
    public boolean replace(StoredSession next) {
        return database.write(
                "Replacing a session",
                connection -> Sql.update(
                                connection,
                                update,
                                next.revision(),
                                next.content(),
                                StoreKey.of(next.id()),
                                next.revision() - 1)
                        == 1);
    }

    @Override
    public boolean touch(String id, Instant expires) {
        String key = StoreKey.of(id);
        long end = expires.toEpochMilli();
        return database.write("Using a session", connection -> {
            if (Sql.update(connection, touch, end, key) == 1) {
                return true;
            }
            Optional<String> group = Sql.first(connection, newcomer, row -> row.getString(1), key);
            if (group.isEmpty()) {
                // Gone; or another replica was quicker in taking it off probation.
                return Sql.update(connection, touch, end, key) == 1;
            }
            makeRoom(connection, group.get(), 1, maxPerGroup);
            return used.admit(connection, maxSessions) && Sql.update(connection, promote, end, key) == 1;
        });
    }

    @Override
    public void delete(String id) {
        database.write("Ending a session", connection -> Sql.update(connection, delete, StoreKey.of(id)));
    }

    @Override
    public void sweep(Instant now) {
        sweeper.sweep();
    }
}
