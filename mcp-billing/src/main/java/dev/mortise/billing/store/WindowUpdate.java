package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Keeps windows and leases in step with the entries of a batch, under the locks of its accounts. Used once. */
final class WindowUpdate {
    private static final String KEY =
            "w.tenant = r.tenant AND w.meter = r.meter AND w.starts_at = r.starts_at AND w.ends_at = r.ends_at";

    private final Tables tables;
    private final Connection connection;
    private final Batch batch;

    WindowUpdate(Tables tables, Connection connection, Batch batch) {
        this.tables = tables;
        this.connection = connection;
        this.batch = batch;
    }

    /** @return the windows that have changed */
    List<WindowState> run(Collection<Pair> pairs, List<Draft> booked) throws SQLException {
        Map<Window, Long> given = leases();
        Map<Pair, List<WindowState>> windows = windows(pairs);
        Map<Window, Long> used = new HashMap<>();
        for (Draft draft : booked) {
            for (WindowState state : windows.getOrDefault(draft.pair, List.of())) {
                if (state.window().contains(draft.at)) {
                    used.merge(state.window(), draft.change(), Long::sum);
                }
            }
        }
        List<WindowState> changed = new ArrayList<>();
        Rows rows = windowRows("used bigint", "leased bigint");
        windows.values()
                .forEach(ofPair -> ofPair.forEach(state -> {
                    long more = used.getOrDefault(state.window(), 0L);
                    long less = given.getOrDefault(state.window(), 0L);
                    if (more != 0 || less != 0) {
                        Window w = state.window();
                        WindowState now = new WindowState(w, state.used() + more, Math.max(0, state.leased() - less));
                        changed.add(now);
                        rows.add(w.tenant(), w.meter(), w.startsAt(), w.endsAt(), now.used(), now.leased());
                    }
                }));
        rows.update(
                connection,
                "UPDATE " + tables.window + " AS w SET used = r.used, leased = r.leased FROM {rows} WHERE " + KEY);
        return changed;
    }

    private Rows windowRows(String... more) {
        List<String> columns =
                new ArrayList<>(List.of("tenant text", "meter text", "starts_at bigint", "ends_at bigint"));
        columns.addAll(List.of(more));
        return tables.rows(columns.toArray(String[]::new));
    }

    private Map<Pair, List<WindowState>> windows(Collection<Pair> pairs) throws SQLException {
        Rows wanted = tables.rows("tenant text", "meter text");
        pairs.forEach(pair -> wanted.add(pair.tenant(), pair.meter()));
        Map<Pair, List<WindowState>> windows = new HashMap<>();
        wanted.list(
                        connection,
                        "SELECT w.* FROM {rows} JOIN " + tables.window
                                + " AS w ON w.tenant = r.tenant AND w.meter = r.meter",
                        Tables::state)
                .forEach(state -> windows.computeIfAbsent(
                                new Pair(state.window().tenant(), state.window().meter()), pair -> new ArrayList<>())
                        .add(state));
        return windows;
    }

    /**
     * Takes what is spent from what the replica holds. What was taken from it before, because it had not been heard of,
     * is not taken twice.
     */
    private Map<Window, Long> leases() throws SQLException {
        Rows wanted = windowRows("replica text");
        Map<Window, Long> spent = new HashMap<>();
        for (Spent each : batch.spent()) {
            Window w = each.window();
            spent.merge(w, each.units(), Long::sum);
            wanted.add(w.tenant(), w.meter(), w.startsAt(), w.endsAt(), batch.replica());
        }
        Map<Window, Long> given = new HashMap<>();
        Rows rows = windowRows("replica text", "units bigint");
        wanted.list(
                        connection,
                        "SELECT w.*, w.units AS used, 0 AS leased FROM {rows} JOIN " + tables.lease + " AS w ON " + KEY
                                + " AND w.replica = r.replica",
                        Tables::state)
                .forEach(state -> {
                    Window w = state.window();
                    long less = Math.min(state.used(), spent.getOrDefault(w, 0L));
                    given.put(w, less);
                    rows.add(w.tenant(), w.meter(), w.startsAt(), w.endsAt(), batch.replica(), state.used() - less);
                });
        rows.update(
                connection,
                "UPDATE " + tables.lease + " AS w SET units = r.units FROM {rows} WHERE " + KEY
                        + " AND w.replica = r.replica");
        return given;
    }
}
