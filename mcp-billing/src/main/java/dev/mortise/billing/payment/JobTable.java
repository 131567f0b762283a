package dev.mortise.billing.payment;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which replica does which job, and when the next time is, in the table {@code pay_job}. Thread-safe. */
final class JobTable {
    private final Database database;
    private final String table;

    JobTable(Database database) {
        this.database = database;
        this.table = database.table("pay_job");
    }

    /** @param failures since it last succeeded */
    record Row(String name, Instant succeededAt, int failures) {}

    /** Makes a job known; where it is known, nothing changes. */
    void add(String name, Instant now) {
        database.write(
                "Adding a job",
                connection -> Sql.update(
                        connection,
                        "INSERT INTO " + table + " (name, holder, held_until, due_at, succeeded_at, failures)"
                                + " VALUES (?, '', 0, ?, ?, 0) ON CONFLICT (name) DO NOTHING",
                        name,
                        now.toEpochMilli(),
                        now.toEpochMilli()));
    }

    /** Names of what is due and nobody's. */
    List<String> due(Instant now) {
        return database.read(
                "Looking for jobs",
                connection -> Sql.list(
                        connection,
                        "SELECT name FROM " + table + " WHERE due_at <= ? AND held_until <= ? ORDER BY due_at, name",
                        row -> row.getString(1),
                        now.toEpochMilli(),
                        now.toEpochMilli()));
    }

    /** @return whether it is the holder's from now on */
    boolean claim(String name, String holder, Instant now, Duration lease) {
        return database.write(
                "Claiming a job",
                connection -> Sql.update(
                                connection,
                                "UPDATE " + table + " SET holder = ?, held_until = ?"
                                        + " WHERE name = ? AND due_at <= ? AND held_until <= ?",
                                holder,
                                now.plus(lease).toEpochMilli(),
                                name,
                                now.toEpochMilli(),
                                now.toEpochMilli())
                        == 1);
    }

    /** Keeps a job that takes longer. */
    void keep(String name, String holder, Instant now, Duration lease) {
        database.write(
                "Keeping a job",
                connection -> Sql.update(
                        connection,
                        "UPDATE " + table + " SET held_until = ? WHERE name = ? AND holder = ?",
                        now.plus(lease).toEpochMilli(),
                        name,
                        holder));
    }

    /** It is done, or has failed. Nothing happens if it is another replica's by now. */
    void end(String name, String holder, boolean succeeded, Instant now, Instant due) {
        database.write(
                "Ending a job",
                connection -> Sql.update(
                        connection,
                        "UPDATE " + table + " SET holder = '', held_until = 0, due_at = ?, succeeded_at ="
                                + " CASE WHEN ? = 1 THEN ? ELSE succeeded_at END,"
                                + " failures = CASE WHEN ? = 1 THEN 0 ELSE failures + 1 END"
                                + " WHERE name = ? AND holder = ?",
                        due.toEpochMilli(),
                        succeeded ? 1 : 0,
                        now.toEpochMilli(),
                        succeeded ? 1 : 0,
                        name,
                        holder));
    }

    List<Row> all() {
        return database.read(
                "Listing jobs",
                connection -> Sql.list(
                        connection,
                        "SELECT name, succeeded_at, failures FROM " + table + " ORDER BY name",
                        row -> new Row(row.getString(1), Rows.time(row, "succeeded_at"), row.getInt(3))));
    }
}
