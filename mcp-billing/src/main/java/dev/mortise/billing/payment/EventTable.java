package dev.mortise.billing.payment;

import dev.mortise.billing.admin.WebhookLog;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Webhooks that took effect, in the table {@code pay_event}. */
final class EventTable {
    private final String table;
    private final Expiry expiry;

    EventTable(Database database) {
        this.table = database.table("pay_event");
        this.expiry = new Expiry(database, table, "(provider, id)", "provider, id", "received_at < ?");
    }

    boolean has(Connection connection, String provider, String id) throws SQLException {
        return Sql.number(connection, "SELECT count(*) FROM " + table + " WHERE provider = ? AND id = ?", provider, id)
                > 0;
    }

    /** @return false if it is there already; waits for whoever is writing it at the same time */
    boolean add(Connection connection, String provider, WebhookEventKey key, Instant now) throws SQLException {
        return Sql.update(
                        connection,
                        "INSERT INTO " + table + " (provider, id, type, effect, received_at) VALUES (?, ?, ?, '', ?)"
                                + " ON CONFLICT (provider, id) DO NOTHING",
                        provider,
                        key.id(),
                        key.type(),
                        now.toEpochMilli())
                == 1;
    }

    void effect(Connection connection, String provider, String id, String effect) throws SQLException {
        Sql.update(
                connection, "UPDATE " + table + " SET effect = ? WHERE provider = ? AND id = ?", effect, provider, id);
    }

    /** The latest first; from behind the one that {@code after} names, if it is still there. */
    List<WebhookLog.Entry> list(Connection connection, @Nullable String after, int limit) throws SQLException {
        String columns = "SELECT provider, id, type, effect, received_at FROM " + table;
        String order = " ORDER BY received_at DESC, provider DESC, id DESC LIMIT ?";
        if (after == null) {
            return Sql.list(connection, columns + order, EventTable::entry, limit);
        }
        int slash = after.indexOf('/');
        return slash < 0
                ? List.of()
                : Sql.list(
                        connection,
                        columns + " WHERE (received_at, provider, id) < (SELECT received_at, provider, id FROM " + table
                                + " WHERE provider = ? AND id = ?)" + order,
                        EventTable::entry,
                        after.substring(0, slash),
                        after.substring(slash + 1),
                        limit);
    }

    private static WebhookLog.Entry entry(ResultSet row) throws SQLException {
        return new WebhookLog.Entry(
                row.getString("provider") + '/' + row.getString("id"),
                row.getString("provider"),
                row.getString("type"),
                Rows.time(row, "received_at"),
                row.getString("effect"));
    }

    /** @return how many there were */
    long forget(Instant before) {
        return expiry.run(before.toEpochMilli());
    }

    record WebhookEventKey(String id, String type) {}
}
