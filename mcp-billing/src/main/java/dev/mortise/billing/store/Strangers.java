package dev.mortise.billing.store;

import dev.mortise.billing.ledger.EventNumber;
import dev.mortise.billing.ledger.LedgerEntry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Events with ids that some process made for itself, when somebody else books them, or it is not known whether they were
 * booked: they may stand on a page or in a run, which no index of ids tells. Thread-safe.
 */
final class Strangers {
    private record OnPage(String replica, Page page) {}

    private record InRun(String replica, long position, Page page) {}

    private final Shape names;
    private final Shape numbers;
    private final String lock;
    private final String mark;
    private final String onPages;
    private final String inRuns;

    Strangers(Tables tables) {
        names = tables.shape("id text");
        numbers = tables.shape("tenant text", "meter text", "replica text", "number bigint");
        lock = names.sql("SELECT p.id FROM {rows} JOIN " + tables.replica + " AS p ON p.id = r.id ORDER BY p.id"
                + tables.forUpdate("p"));
        mark = switch (tables.dialect) {
            case POSTGRESQL ->
                names.sql("UPDATE " + tables.replica + " AS p SET strays = strays + 1 FROM {rows} WHERE p.id = r.id");
            case SQLITE -> "UPDATE " + tables.replica + " SET strays = strays + 1 WHERE id = ?1";
        };
        onPages = names.sql("SELECT p.replica, p.body FROM {rows} JOIN " + tables.page + " AS p ON p.replica = r.id");
        inRuns = numbers.sql("SELECT e.replica, e.position, e.body FROM {rows} JOIN " + tables.run
                + " AS e ON e.tenant = r.tenant AND e.meter = r.meter AND e.replica = r.replica"
                + " AND e.low <= r.number AND e.high >= r.number");
    }

    /** Whose ids they are. */
    static Set<String> replicas(Collection<Draft> drafts) {
        Set<String> replicas = new TreeSet<>();
        drafts.forEach(draft -> EventNumber.of(draft.key.id()).ifPresent(number -> replicas.add(number.replica())));
        return replicas;
    }

    /**
     * Keeps processes from booking until the end of the transaction.
     *
     * @param wanted by name, and in that order
     * @return those that still may
     */
    List<String> lock(Connection connection, Collection<String> wanted) throws SQLException {
        return rows(wanted).list(connection, lock, row -> row.getString(1));
    }

    /** From now on these processes look whether others have booked what they do. */
    void mark(Connection connection, Collection<String> replicas) throws SQLException {
        rows(replicas).update(connection, mark);
    }

    private Rows rows(Collection<String> ids) {
        Rows rows = names.rows();
        ids.forEach(rows::add);
        return rows;
    }

    /** Those of them that are in the ledger; those still on a page have the position 0. */
    Map<Draft.Key, LedgerEntry> find(Connection connection, Collection<Draft.Key> keys) throws SQLException {
        Rows wanted = numbers.rows();
        Set<String> replicas = new TreeSet<>();
        for (Draft.Key key : keys) {
            Optional<EventNumber> number = key.reversal() ? Optional.empty() : EventNumber.of(key.id());
            number.ifPresent(known -> {
                wanted.add(key.tenant(), known.meter(), known.replica(), known.number());
                replicas.add(known.replica());
            });
        }
        // Pages first: what leaves them meanwhile is in a run by then.
        List<OnPage> pages = rows(replicas)
                .list(connection, onPages, row -> new OnPage(row.getString(1), Page.read(row.getBytes(2))));
        List<InRun> runs = wanted.list(
                connection, inRuns, row -> new InRun(row.getString(1), row.getLong(2), Page.read(row.getBytes(3))));
        List<LedgerEntry> entries = new ArrayList<>();
        pages.forEach(each -> each.page().charges().forEach(charge -> entries.add(charge.entry(each.replica(), 0))));
        for (InRun run : runs) {
            long position = run.position();
            for (Charge charge : run.page().charges()) {
                entries.add(charge.entry(run.replica(), position++));
            }
        }
        Map<Draft.Key, LedgerEntry> found = new HashMap<>();
        Set<Draft.Key> asked = Set.copyOf(keys);
        for (LedgerEntry entry : entries) {
            Draft.Key key = new Draft.Key(entry.tenant(), entry.source(), entry.id(), false);
            if (asked.contains(key)) {
                found.put(key, entry);
            }
        }
        return found;
    }
}
