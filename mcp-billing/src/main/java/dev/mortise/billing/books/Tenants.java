package dev.mortise.billing.books;

import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who is billed. Thread-safe. */
public final class Tenants {
    private final Database database;
    private final Writer writer;
    private final Clock clock;
    private final String table;

    Tenants(Database database, Writer writer, Clock clock) {
        this.database = database;
        this.writer = writer;
        this.clock = clock;
        this.table = database.table("book_tenant");
    }

    /** Adds a tenant, or changes its name and zone. Periods of subscriptions that run stay as they are. */
    public Tenant register(String id, String name, ZoneId zone) {
        Texts.require("A tenant", id, Texts.ID);
        Texts.require("A tenant's name", name, Texts.REASON);
        return writer.write("Registering a tenant", id, Tenant.class, connection -> {
            Sql.update(
                    connection,
                    "INSERT INTO " + table + " (id, name, zone, created_at, revision) VALUES (?, ?, ?, ?, 1)"
                            + " ON CONFLICT (id) DO UPDATE SET name = excluded.name, zone = excluded.zone,"
                            + " revision = " + table + ".revision + 1",
                    id,
                    name,
                    zone.getId(),
                    clock.millis());
            return find(connection, id).orElseThrow();
        });
    }

    public Optional<Tenant> find(String id) {
        return Texts.isKeyable(id)
                ? database.read("Finding a tenant", connection -> find(connection, id))
                : Optional.empty();
    }

    /**
     * Tenants by id.
     *
     * @param after the last one of the page before
     */
    public List<Tenant> list(@Nullable String after, int limit) {
        return database.read(
                "Listing tenants",
                connection -> Sql.list(
                        connection,
                        "SELECT * FROM " + table + " WHERE id > ? ORDER BY id LIMIT ?",
                        Tenants::tenant,
                        Objects.requireNonNullElse(after, ""),
                        limit));
    }

    private Optional<Tenant> find(Connection connection, String id) throws SQLException {
        return Sql.first(connection, "SELECT * FROM " + table + " WHERE id = ?", Tenants::tenant, id);
    }

    /**
     * Keeps others from changing what is this tenant's until the transaction ends.
     *
     * @throws NotThere if nobody has registered it
     */
    Tenant lock(Connection connection, String id) throws SQLException {
        if (!Texts.isKeyable(id)
                || Sql.update(connection, "UPDATE " + table + " SET revision = revision + 1 WHERE id = ?", id) == 0) {
            throw new NotThere("tenant " + id);
        }
        return find(connection, id).orElseThrow();
    }

    private static Tenant tenant(ResultSet row) throws SQLException {
        return new Tenant(
                row.getString("id"),
                row.getString("name"),
                ZoneId.of(row.getString("zone")),
                Instant.ofEpochMilli(row.getLong("created_at")));
    }
}
