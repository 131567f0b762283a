package dev.mortise.billing.store;

import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.ledger.Window;
import dev.mortise.billing.store.Draft.Pair;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Carries pages of one process over: their charges become runs of entries, and totals, windows and leases follow, in one
 * transaction that also removes the pages. Locks are taken in the order of {@link Appending}. Thread-safe.
 */
final class Spreading {
    /**
     * What came of it.
     *
     * @param windows that have changed
     * @param through the last batch
     * @param isMore whether some are left
     */
    record Spread(List<WindowState> windows, Collection<Sheet> sheets, long through, boolean isMore) {}

    private final Pages pages;
    private final Runs runs;
    private final Locks locks;
    private final Sheets sheets;

    Spreading(Pages pages, Runs runs, Locks locks, Sheets sheets) {
        this.pages = pages;
        this.runs = runs;
        this.locks = locks;
        this.sheets = sheets;
    }

    Spread run(Connection connection, Pages.Pending which) throws SQLException {
        Pages.Taken taken = pages.take(connection, which);
        if (taken.pages().isEmpty()) {
            return new Spread(List.of(), List.of(), which.through(), false);
        }
        SortedMap<Pair, Sheet> changed = new TreeMap<>();
        SortedMap<Pair, List<Charge>> charges = new TreeMap<>();
        for (Page page : taken.pages()) {
            for (Charge charge : page.charges()) {
                Pair pair = new Pair(charge.tenant(), charge.meter());
                charges.computeIfAbsent(pair, key -> new ArrayList<>()).add(charge);
                sheet(changed, pair).reach(charge.at());
            }
            for (Spent spent : page.spent()) {
                sheet(changed, pair(spent)).reach(spent.window().startsAt());
            }
        }
        locks.open(connection, changed.keySet());
        sheets.lock(connection, changed, which.replica(), new OneTrip());
        if (!changed.values().stream().allMatch(Sheet::isFound)) {
            throw locks.vanished();
        }
        Rows rows = runs.rows();
        charges.forEach((pair, all) -> book(sheet(changed, pair), which.replica(), all, rows));
        taken.pages()
                .forEach(page -> page.spent()
                        .forEach(spent -> sheet(changed, pair(spent)).spend(spent.window(), spent.units())));
        List<WindowState> windows = sheets.write(connection, changed, which.replica());
        runs.insert(connection, rows);
        pages.remove(connection, which.replica(), taken.through());
        return new Spread(
                windows, changed.values(), taken.through(), taken.pages().size() == Pages.TOGETHER);
    }

    private void book(Sheet sheet, String replica, List<Charge> all, Rows rows) {
        for (int from = 0; from < all.size(); from += Runs.LONGEST) {
            List<Charge> some = all.subList(from, Math.min(all.size(), from + Runs.LONGEST));
            long units = 0;
            for (Charge charge : some) {
                units += charge.quantity();
                sheet.booked(charge.at(), charge.quantity());
            }
            runs.add(rows, replica, sheet.totals().book(units, some.size()), some);
        }
    }

    private static Sheet sheet(SortedMap<Pair, Sheet> sheets, Pair pair) {
        return sheets.computeIfAbsent(pair, Sheet::new);
    }

    private static Pair pair(Spent spent) {
        Window window = spent.window();
        return new Pair(window.tenant(), window.meter());
    }
}
