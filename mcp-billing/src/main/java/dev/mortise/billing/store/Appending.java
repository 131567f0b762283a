package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore.Appended;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One batch in one transaction. The totals of a tenant and meter are locked before its entries are numbered, in the same
 * order by everybody; windows and leases are changed only under that lock. Used once, by one thread.
 */
final class Appending {
    /** What all of them share, made once. */
    static final class Statements {
        private final Tables tables;
        private final Locks locks;
        private final Sheets sheets;
        private final Entries entries;
        private final Shape step;
        private final String advance;

        Statements(Tables tables, Locks locks) {
            this.tables = tables;
            this.locks = locks;
            this.sheets = new Sheets(tables);
            this.entries = new Entries(tables);
            this.step = tables.shape("sequence bigint", "id text");
            this.advance = step.sql("UPDATE " + tables.replica + " AS p SET sequence = r.sequence FROM {rows}"
                    + " WHERE p.id = r.id AND p.sequence = r.sequence - 1");
        }
    }

    private final Statements statements;
    private final Connection connection;
    private final Batch batch;
    private final SortedMap<Pair, Sheet> sheets = new TreeMap<>();

    Appending(Statements statements, Connection connection, Batch batch) {
        this.statements = statements;
        this.connection = connection;
        this.batch = batch;
    }

    /** Those whose accounts are there once this is committed. */
    Set<Pair> pairs() {
        return sheets.keySet();
    }

    Appended run() throws SQLException {
        List<Optional<Draft>> drafts = drafts();
        List<Draft> first = first(drafts);
        first.forEach(draft -> sheet(draft.pair).reach(draft.at));
        batch.spent()
                .forEach(spent -> sheet(
                                new Pair(spent.window().tenant(), spent.window().meter()))
                        .reach(spent.window().startsAt()));
        statements.locks.open(connection, sheets.keySet());
        Optional<Appended> instead = advanceAndLock();
        if (instead.isPresent()) {
            return instead.get();
        }
        if (!sheets.values().stream().allMatch(Sheet::isFound)) {
            throw statements.locks.vanished();
        }
        recogniseBeforeTaking(first);
        for (Draft draft : first) {
            if (!draft.isDecided() && draft.isOfNothing()) {
                draft.decide(new Booking.Refused(Booking.Reason.UNKNOWN_ENTRY));
            } else if (!draft.isDecided()) {
                sheet(draft.pair).totals().admit(draft);
            }
        }
        insert(first);
        if (first.stream().anyMatch(Draft::isOfConflict)) {
            // Another replica booked the same id with something else just now: next time it is found beforehand.
            throw new SQLException("What is to be reversed has changed meanwhile");
        }
        batch.spent()
                .forEach(spent -> sheet(
                                new Pair(spent.window().tenant(), spent.window().meter()))
                        .spend(spent.window(), spent.units()));
        List<WindowState> windows = statements.sheets.write(connection, sheets, batch.replica());
        return new Appended.Done(bookings(drafts), windows);
    }

    private Sheet sheet(Pair pair) {
        return sheets.computeIfAbsent(pair, Sheet::new);
    }

    /** Empty if this is the next batch of the replica; then everything is locked. */
    private Optional<Appended> advanceAndLock() throws SQLException {
        Rows next = statements.step.rows();
        next.add(batch.sequence(), batch.replica());
        OneTrip trip = new OneTrip();
        if (statements.tables.dialect == Dialect.POSTGRESQL) {
            trip.update(next, statements.advance);
        } else if (next.update(connection, statements.advance) != 1) {
            return Optional.of(instead());
        }
        int[] changed = statements.sheets.lock(connection, sheets, batch.replica(), trip);
        return statements.tables.dialect == Dialect.POSTGRESQL && changed[0] != 1
                ? Optional.of(instead())
                : Optional.empty();
    }

    /** Why this is not the replica's next batch. */
    private Appended instead() throws SQLException {
        Optional<Long> at = Sql.first(
                connection,
                "SELECT sequence FROM " + statements.tables.replica + " WHERE id = ?",
                row -> row.getLong(1),
                batch.replica());
        if (at.isEmpty()) {
            return new Appended.Fenced();
        }
        if (at.get() == batch.sequence()) {
            return new Appended.Before();
        }
        throw new IllegalStateException("Batch " + batch.sequence() + " of a replica that is at " + at.get());
    }

    /** One for each post; empty where there is nothing to reverse. */
    private List<Optional<Draft>> drafts() throws SQLException {
        List<Draft.Key> wanted = new ArrayList<>();
        for (Post post : batch.posts()) {
            if (post instanceof Post.Reverse reverse) {
                wanted.add(new Draft.Key(reverse.tenant(), reverse.source(), reverse.id(), false));
            }
        }
        Map<Draft.Key, LedgerEntry> known = statements.entries.find(connection, wanted);
        Map<Draft.Key, Draft> before = new HashMap<>();
        List<Optional<Draft>> drafts = new ArrayList<>(batch.posts().size());
        for (Post post : batch.posts()) {
            drafts.add(
                    switch (post) {
                        case Post.Use use -> {
                            Draft draft = Draft.of(use);
                            before.putIfAbsent(draft.key, draft);
                            yield Optional.of(draft);
                        }
                        case Post.Reverse reverse -> {
                            Draft.Key original = new Draft.Key(reverse.tenant(), reverse.source(), reverse.id(), false);
                            LedgerEntry entry = known.get(original);
                            Draft draft = before.get(original);
                            yield entry != null
                                    ? Optional.of(Draft.reversing(entry, reverse))
                                    : Optional.ofNullable(draft).map(one -> Draft.reversing(one, reverse));
                        }
                    });
        }
        return drafts;
    }

    /** Each key once: what has the key of one before it is decided by that. */
    private static List<Draft> first(List<Optional<Draft>> drafts) {
        Set<Draft.Key> seen = new HashSet<>();
        return drafts.stream()
                .flatMap(Optional::stream)
                .filter(draft -> seen.add(draft.key))
                .toList();
    }

    private List<Booking> bookings(List<Optional<Draft>> drafts) {
        Map<Draft.Key, Draft> first = new HashMap<>();
        List<Booking> bookings = new ArrayList<>(drafts.size());
        for (Optional<Draft> each : drafts) {
            if (each.isEmpty()) {
                bookings.add(new Booking.Refused(Booking.Reason.UNKNOWN_ENTRY));
                continue;
            }
            Draft draft = each.get();
            Draft one = first.putIfAbsent(draft.key, draft);
            if (one == null) {
                bookings.add(draft.booking());
            } else if (!draft.isSameAs(one)) {
                bookings.add(new Booking.Refused(Booking.Reason.CONFLICT));
            } else {
                bookings.add(
                        one.booking() instanceof Booking.Booked ok
                                ? new Booking.Repeated(ok.position())
                                : one.booking());
            }
        }
        return bookings;
    }

    /**
     * Where a level may fall below zero it has to be known before what is in the ledger already. Elsewhere the insert
     * finds it out, at less cost.
     */
    private void recogniseBeforeTaking(List<Draft> drafts) throws SQLException {
        Set<Pair> careful = new HashSet<>();
        for (Draft draft : drafts) {
            if (draft.change() < 0) {
                careful.add(draft.pair);
            }
        }
        statements.entries.recognise(
                connection,
                drafts.stream().filter(draft -> careful.contains(draft.pair)).toList());
    }

    /** Inserts what was admitted, and takes what turns out to be in the ledger already out of the totals again. */
    private void insert(List<Draft> drafts) throws SQLException {
        List<Draft> admitted = drafts.stream()
                .filter(draft -> draft.booking() instanceof Booking.Booked)
                .toList();
        List<Draft> known = new ArrayList<>();
        boolean[] inserted = statements.entries.insert(connection, admitted);
        for (int i = 0; i < inserted.length; i++) {
            Draft draft = admitted.get(i);
            if (inserted[i]) {
                sheet(draft.pair).booked(draft);
            } else {
                sheet(draft.pair).totals().withdraw(draft);
                known.add(draft);
            }
        }
        statements.entries.recognise(connection, known);
    }
}
