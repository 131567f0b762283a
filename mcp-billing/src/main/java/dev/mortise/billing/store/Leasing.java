package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Account;
import dev.mortise.billing.ledger.LedgerStore.Leased;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Windows, and the units of them that replicas hold. All of it under the lock of the window's account. */
final class Leasing {
    private static final int SHARES = 8;
    private static final String KEY = " WHERE tenant = ? AND meter = ? AND starts_at = ? AND ends_at = ?";

    private final Tables tables;
    private final Locks locks;
    private final Runs runs;

    Leasing(Tables tables, Locks locks, Runs runs) {
        this.tables = tables;
        this.locks = locks;
        this.runs = runs;
    }

    Optional<WindowState> find(Connection connection, Window window) throws SQLException {
        return Sql.first(connection, "SELECT * FROM " + tables.window + KEY, Tables::state, key(window));
    }

    /** The window, made from the entries if there is none yet. Whoever books one later waits for this transaction. */
    WindowState look(Connection connection, Window window) throws SQLException {
        locks.lock(connection, List.of(new Pair(window.tenant(), window.meter())));
        Optional<WindowState> known = find(connection, window);
        if (known.isPresent()) {
            return known.get();
        }
        long used = Sql.number(
                        connection,
                        "SELECT COALESCE(SUM(CASE WHEN debit = '" + Account.USED.key()
                                + "' THEN amount ELSE -amount END), 0) FROM " + tables.entry
                                + " WHERE tenant = ? AND meter = ? AND at >= ? AND at < ?",
                        key(window))
                + runs.sum(connection, Runs.of(window, Long.MAX_VALUE)).units();
        Sql.update(
                connection,
                "INSERT INTO " + tables.window + " (tenant, meter, starts_at, ends_at, used, leased)"
                        + " VALUES (?, ?, ?, ?, ?, 0)",
                window.tenant(),
                window.meter(),
                window.startsAt(),
                window.endsAt(),
                used);
        return new WindowState(window, used, 0);
    }

    Leased lease(Connection connection, String replica, Window window, long limit, long need, long want)
            throws SQLException {
        WindowState state = look(connection, window);
        long free = limit - state.used() - state.leased();
        if (free / SHARES < want) {
            state = reclaimed(connection, state);
            free = limit - state.used() - state.leased();
        }
        if (free < need) {
            return new Leased.Exhausted(state);
        }
        long units = Math.max(need, Math.min(want, free / SHARES));
        Sql.update(
                connection,
                "INSERT INTO " + tables.lease + " (replica, tenant, meter, starts_at, ends_at, units)"
                        + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (tenant, meter, starts_at, ends_at, replica)"
                        + " DO UPDATE SET units = " + tables.lease + ".units + excluded.units",
                replica,
                window.tenant(),
                window.meter(),
                window.startsAt(),
                window.endsAt(),
                units);
        WindowState now = new WindowState(window, state.used(), state.leased() + units);
        update(connection, now);
        return new Leased.Granted(units, now);
    }

    /** Without what is held by replicas that were not heard of, or that have left. */
    private WindowState reclaimed(Connection connection, WindowState state) throws SQLException {
        List<Long> lost = Sql.list(
                connection,
                "DELETE FROM " + tables.lease + KEY + " AND NOT EXISTS (SELECT 1 FROM " + tables.replica
                        + " AS p WHERE p.id = replica AND p.expires_at > " + tables.now + ") RETURNING units",
                row -> row.getLong(1),
                key(state.window()));
        if (lost.isEmpty()) {
            return state;
        }
        long units = lost.stream().mapToLong(Long::longValue).sum();
        WindowState now = new WindowState(state.window(), state.used(), Math.max(0, state.leased() - units));
        update(connection, now);
        return now;
    }

    private void update(Connection connection, WindowState state) throws SQLException {
        Window window = state.window();
        Sql.update(
                connection,
                "UPDATE " + tables.window + " SET leased = ?" + KEY,
                state.leased(),
                window.tenant(),
                window.meter(),
                window.startsAt(),
                window.endsAt());
    }

    /** Gives back all that a replica holds; under the locks of all of it, in their order. */
    void giveBackAll(Connection connection, String replica) throws SQLException {
        // Its row first, as whoever books does.
        Sql.first(
                connection,
                "SELECT p.id FROM " + tables.replica + " AS p WHERE p.id = ?" + tables.forUpdate("p"),
                row -> row.getString(1),
                replica);
        List<Pair> pairs = Sql.list(
                connection,
                "SELECT DISTINCT tenant, meter FROM " + tables.lease + " WHERE replica = ? ORDER BY tenant, meter",
                row -> new Pair(row.getString(1), row.getString(2)),
                replica);
        locks.lock(connection, pairs);
        List<WindowState> held = Sql.list(
                connection,
                "DELETE FROM " + tables.lease
                        + " WHERE replica = ? RETURNING tenant, meter, starts_at, ends_at, units AS used, 0 AS leased",
                Tables::state,
                replica);
        for (WindowState each : held) {
            Window window = each.window();
            Sql.update(
                    connection,
                    "UPDATE " + tables.window + " SET leased = leased - ?" + KEY,
                    each.used(),
                    window.tenant(),
                    window.meter(),
                    window.startsAt(),
                    window.endsAt());
        }
        Sql.update(connection, "DELETE FROM " + tables.replica + " WHERE id = ?", replica);
    }

    private static Object[] key(Window window) {
        return new Object[] {window.tenant(), window.meter(), window.startsAt(), window.endsAt()};
    }
}
