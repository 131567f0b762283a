package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Threshold;
import dev.mortise.billing.ledger.Window;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Thresholds that were reached: a row each, so that each is reached once. */
final class Thresholds {
    private static final String KEY =
            " WHERE tenant = ? AND meter = ? AND starts_at = ? AND ends_at = ? AND percent = ?" + " AND included = ?";

    private final Tables tables;

    Thresholds(Tables tables) {
        this.tables = tables;
    }

    boolean reached(Connection connection, Threshold threshold) throws SQLException {
        Window window = threshold.window();
        return Sql.update(
                        connection,
                        "INSERT INTO " + tables.threshold + " (tenant, meter, starts_at, ends_at, percent, included,"
                                + " used, reached_at, claimed_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)"
                                + " ON CONFLICT (tenant, meter, starts_at, ends_at, percent, included) DO NOTHING",
                        window.tenant(),
                        window.meter(),
                        window.startsAt(),
                        window.endsAt(),
                        threshold.percent(),
                        threshold.included(),
                        threshold.used(),
                        threshold.reachedAt().toEpochMilli())
                == 1;
    }

    List<Threshold> untold(Connection connection, Duration claim, int limit) throws SQLException {
        List<Threshold> found = Sql.list(
                connection,
                "SELECT * FROM " + tables.threshold + " WHERE told_at IS NULL AND claimed_until <= " + tables.now
                        + " ORDER BY reached_at LIMIT ?" + tables.dialect.skipLocked(),
                row -> new Threshold(
                        new Window(
                                row.getString("tenant"),
                                row.getString("meter"),
                                row.getLong("starts_at"),
                                row.getLong("ends_at")),
                        row.getInt("percent"),
                        row.getLong("included"),
                        row.getLong("used"),
                        Instant.ofEpochMilli(row.getLong("reached_at"))),
                limit);
        for (Threshold threshold : found) {
            Window window = threshold.window();
            Sql.update(
                    connection,
                    "UPDATE " + tables.threshold + " SET claimed_until = " + tables.now + " + ?" + KEY,
                    claim.toMillis(),
                    window.tenant(),
                    window.meter(),
                    window.startsAt(),
                    window.endsAt(),
                    threshold.percent(),
                    threshold.included());
        }
        return found;
    }

    void told(Connection connection, Threshold threshold) throws SQLException {
        Window window = threshold.window();
        Sql.update(
                connection,
                "UPDATE " + tables.threshold + " SET told_at = " + tables.now + KEY,
                window.tenant(),
                window.meter(),
                window.startsAt(),
                window.endsAt(),
                threshold.percent(),
                threshold.included());
    }
}
