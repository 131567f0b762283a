package dev.mortise.examples.production.memory;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Migrations;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Memories in SQLite or PostgreSQL. Every statement names the owner, so that nobody reaches what is somebody else's, also
 * not by its id. Thread-safe; throws {@link dev.mortise.mcp.store.StoreUnavailable} if the database does not answer.
 */
public final class MemoryStore {
    /** Of one owner. */
    static final int MOST = 1_000;

    /** Always as long, so that texts sort as times do. */
    private static final DateTimeFormatter AT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String COLUMNS = "SELECT id, kind, text, created_at, due, done_at FROM ";

    private final Database database;
    private final String table;
    private final Clock clock;

    private MemoryStore(Database database, Clock clock) {
        this.database = database;
        this.table = database.table("memory");
        this.clock = clock;
    }

    /** Opens the store, and makes its table as needed. The database is borrowed. */
    public static MemoryStore migrate(Database database, Clock clock) {
        Migrations.of(database, "memory_migrations", MemoryStore.class, List.of("001-memory"))
                .migrate();
        return new MemoryStore(database, clock);
    }

    /** Remembers it; the same text of the same kind again is the one that is there. Empty if the owner has too many. */
    Optional<Memory> add(String owner, MemoryKind kind, String text, @Nullable String due) {
        String id = UUID.randomUUID().toString();
        String now = AT.format(clock.instant());
        return database.write("Remembering", connection -> {
            Optional<Memory> same = Sql.first(
                    connection,
                    COLUMNS + table + " WHERE owner = ? AND kind = ? AND text = ? AND done_at IS NULL",
                    MemoryStore::memory,
                    owner,
                    kind.name(),
                    text);
            if (same.isPresent()
                    || Sql.number(connection, "SELECT count(*) FROM " + table + " WHERE owner = ?", owner) >= MOST) {
                return same;
            }
            Sql.update(
                    connection,
                    "INSERT INTO " + table + " (id, owner, kind, text, created_at, due) VALUES (?, ?, ?, ?, ?, ?)",
                    id,
                    owner,
                    kind.name(),
                    text,
                    now,
                    due);
            return Optional.of(new Memory(id, kind, text, now, due, null));
        });
    }

    /** All of an owner, the latest first; {@code kind} may be {@code null} for any. */
    List<Memory> all(String owner, @Nullable MemoryKind kind) {
        return list(owner, kind, true, 0, Integer.MAX_VALUE);
    }

    /** Some of an owner, the latest first. */
    List<Memory> list(String owner, @Nullable MemoryKind kind, boolean withDone, int offset, int limit) {
        return database.read(
                "Looking at memories",
                connection -> Sql.list(
                        connection,
                        COLUMNS + table + where(kind, withDone) + " ORDER BY created_at DESC, id LIMIT ? OFFSET ?",
                        MemoryStore::memory,
                        owner,
                        kind == null ? "any" : kind.name(),
                        limit,
                        offset));
    }

    /** How many {@link #list} has, without an end. */
    int count(String owner, @Nullable MemoryKind kind, boolean withDone) {
        return Math.toIntExact(database.read(
                "Counting memories",
                connection -> Sql.number(
                        connection,
                        "SELECT count(*) FROM " + table + where(kind, withDone),
                        owner,
                        kind == null ? "any" : kind.name())));
    }

    private static String where(@Nullable MemoryKind kind, boolean withDone) {
        return " WHERE owner = ? AND " + (kind == null ? "? IS NOT NULL" : "kind = ?")
                + (withDone ? "" : " AND done_at IS NULL");
    }

    Optional<Memory> find(String owner, String id) {
        return database.read(
                "Looking at a memory",
                connection -> Sql.first(
                        connection, COLUMNS + table + " WHERE owner = ? AND id = ?", MemoryStore::memory, owner, id));
    }

    boolean remove(String owner, String id) {
        return database.write(
                "Forgetting",
                connection ->
                        Sql.update(connection, "DELETE FROM " + table + " WHERE owner = ? AND id = ?", owner, id) > 0);
    }

    /** @return how many there were */
    int removeAll(String owner) {
        return database.write(
                "Forgetting everything",
                connection -> Sql.update(connection, "DELETE FROM " + table + " WHERE owner = ?", owner));
    }

    /** Marks a task as done; the first time counts. Empty if there is no such task. */
    Optional<Memory> complete(String owner, String id) {
        String now = AT.format(clock.instant());
        return database.write("Completing a task", connection -> {
            Sql.update(
                    connection,
                    "UPDATE " + table + " SET done_at = ? WHERE owner = ? AND id = ? AND kind = 'TASK'"
                            + " AND done_at IS NULL",
                    now,
                    owner,
                    id);
            return Sql.first(
                    connection,
                    COLUMNS + table + " WHERE owner = ? AND id = ? AND kind = 'TASK'",
                    MemoryStore::memory,
                    owner,
                    id);
        });
    }

    private static Memory memory(ResultSet row) throws SQLException {
        return new Memory(
                row.getString(1),
                MemoryKind.valueOf(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6));
    }
}
