package dev.mortise.security.replay;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers calls in the table {@code mcp_replay} of PostgreSQL or SQLite, by the clock of the database. */
public final class JdbcReplayStore implements ReplayStore {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcReplayStore.class);
    private static final String HISTORY = "mcp_replay_migrations";
    private static final List<String> MIGRATIONS = List.of("001-calls");
    private static final long SWEEP_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int SWEPT = 500;
    /** Of what is remembered of one owner, one in so many is forgotten when there is no room. */
    private static final int SHARE = 20;

    private final Database database;
    private final String find;
    private final String forget;
    private final String count;
    private final String makeRoom;
    private final String insert;
    private final String renew;
    private final String finish;
    private final String release;
    private final String sweep;
    private final AtomicLong sweepAt = new AtomicLong(System.nanoTime() + SWEEP_NANOS);

    private JdbcReplayStore(Database database) {
        String table = database.table("mcp_replay");
        String now = database.dialect().now();
        String one = " WHERE owner_key = ? AND call_key = ?";
        String unended = one + " AND claimant = ? AND outcome IS NULL";
        this.database = database;
        this.find = "SELECT digest, outcome, lease_until > " + now + " FROM " + table + one;
        this.forget = "DELETE FROM " + table + one + " AND expires_at <= " + now;
        this.count = "SELECT count(*) FROM " + table + " WHERE owner_key = ? AND expires_at > " + now;
        this.makeRoom = "DELETE FROM " + table + " WHERE owner_key = ? AND call_key IN (SELECT call_key FROM " + table
                + " WHERE owner_key = ? AND outcome IS NOT NULL AND expires_at > " + now
                + " ORDER BY expires_at, call_key LIMIT ?" + database.dialect().skipLocked() + ")";
        this.insert = "INSERT INTO " + table
                + " (owner_key, call_key, digest, claimant, lease_until, expires_at) VALUES (?, ?, ?, ?, " + now
                + " + ?, " + now + " + ?) ON CONFLICT (owner_key, call_key) DO NOTHING";
        this.renew = "UPDATE " + table + " SET lease_until = " + now + " + ?, expires_at = " + now + " + ?" + unended;
        this.finish = "UPDATE " + table + " SET outcome = ?, expires_at = " + now + " + ?" + unended;
        this.release = "DELETE FROM " + table + unended;
        this.sweep = "DELETE FROM " + table + " WHERE (owner_key, call_key) IN (SELECT owner_key, call_key FROM "
                + table + " WHERE expires_at <= " + now + " LIMIT " + SWEPT
                + database.dialect().skipLocked() + ")";
    }

    /** Creates or changes the table as needed. The database stays the caller's. */
    public static JdbcReplayStore migrate(Database database) {
        migrations(database).migrate();
        return new JdbcReplayStore(database);
    }

    /** Only checks the table, which somebody else has made with {@link #script}. */
    public static JdbcReplayStore validate(Database database) {
        migrations(database).validate();
        return new JdbcReplayStore(database);
    }

    /** What {@link #migrate} does in an empty database, for somebody to apply by hand. */
    public static String script(Database database) {
        return migrations(database).script();
    }

    private static Migrations migrations(Database database) {
        return Migrations.of(database, HISTORY, JdbcReplayStore.class, MIGRATIONS);
    }

    @Override
    public Claim claim(String owner, String key, String digest, String claimant, Terms terms) {
        perhapsSweep();
        return database.write("Claiming a call", connection -> {
            Sql.update(connection, forget, owner, key);
            Optional<Claim> before = find(connection, owner, key, digest);
            if (before.isPresent()) {
                return before.get();
            }
            if (!hasRoom(connection, owner, terms.mostOfOwner())) {
                return new Claim.Full();
            }
            long lease = terms.lease().toMillis();
            long ttl = terms.ttl().toMillis();
            return Sql.update(connection, insert, owner, key, digest, claimant, lease, ttl) == 1
                    ? new Claim.First()
                    // Somebody was faster, and it has hardly ended and been forgotten in the meantime.
                    : find(connection, owner, key, digest)
                            .orElseThrow(() -> new StoreUnavailable("A call came and went while it was claimed"));
        });
    }

    /** Where there is none, it is made of the oldest that have ended. */
    private boolean hasRoom(Connection connection, String owner, long most) throws SQLException {
        if (Sql.number(connection, count, owner) < most) {
            return true;
        }
        if (database.dialect() == Dialect.POSTGRESQL) {
            // One after the other: who finds the rows gone that it wanted to delete would otherwise take it for a lack
            // of room.
            Sql.first(connection, "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))::text", row -> "", owner);
            if (Sql.number(connection, count, owner) < most) {
                return true;
            }
        }
        // Several at once, since finding the oldest takes as long for one as for all.
        return Sql.update(connection, makeRoom, owner, owner, 1 + most / SHARE) > 0;
    }

    private Optional<Claim> find(Connection connection, String owner, String key, String digest) throws SQLException {
        return Sql.first(
                connection,
                find,
                row -> {
                    if (!row.getString(1).equals(digest)) {
                        return new Claim.OtherCall();
                    }
                    String outcome = row.getString(2);
                    if (outcome != null) {
                        return new Claim.Done(outcome);
                    }
                    return row.getBoolean(3) ? new Claim.Running() : new Claim.Lost();
                },
                owner,
                key);
    }

    @Override
    public void renew(String owner, String key, String claimant, Terms terms) {
        database.write(
                "Carrying on with a call",
                connection -> Sql.update(
                        connection, renew, terms.lease().toMillis(), terms.ttl().toMillis(), owner, key, claimant));
    }

    @Override
    public boolean finish(String owner, String key, String claimant, String outcome, Terms terms) {
        database.write(
                "Keeping what came of a call",
                connection ->
                        Sql.update(connection, finish, outcome, terms.ttl().toMillis(), owner, key, claimant));
        return true;
    }

    @Override
    public void release(String owner, String key, String claimant) {
        database.write("Giving a call back", connection -> Sql.update(connection, release, owner, key, claimant));
    }

    /** Every now and then, beside the operation that happened to be there. */
    private void perhapsSweep() {
        long now = System.nanoTime();
        long at = sweepAt.get();
        if (now - at >= 0 && sweepAt.compareAndSet(at, now + SWEEP_NANOS)) {
            Thread.ofVirtual().name("mortise-replay-sweep").start(() -> {
                try {
                    sweep();
                } catch (StoreUnavailable e) {
                    LOG.debug("Sweeping is left for later", e);
                }
            });
        }
    }

    /** Deletes what has expired. */
    void sweep() {
        int deleted;
        do {
            deleted = database.write("Sweeping calls", connection -> Sql.update(connection, sweep));
        } while (deleted == SWEPT);
    }
}
