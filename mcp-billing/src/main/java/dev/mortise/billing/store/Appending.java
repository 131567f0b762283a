package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore.Appended;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.ledger.Spent;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One batch in one transaction. What this process alone can book, and for the first time, goes onto a page as it is, and is
 * carried over later ({@link Spreading}). Of all else the totals of a tenant and meter are locked before its entries are numbered, in the same
 * order by everybody; windows and leases are changed only under that lock. Used once, by one
 * thread.
 */
final class Appending {
    /** What all of them share, made once. */
    static final class Statements {
        private final Tables tables;
        private final Locks locks;
        private final Sheets sheets;
        private final Entries entries;
        private final Pages pages;
        private final Strangers strangers;
        private final Shape step;
        private final String advance;

        Statements(Tables tables, Locks locks, Sheets sheets, Pages pages) {
            this.tables = tables;
            this.locks = locks;
            this.sheets = sheets;
            this.pages = pages;
            this.strangers = new Strangers(tables);
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
    private final Sorted sorted;
    /** Processes with whose ids others book in this batch, and which are kept from booking meanwhile. */
    private final Set<String> present = new TreeSet<>();
    /** By how much this batch raises the strays of its own replica; none of them is on its page. */
    private long ownStrays;

    Appending(Statements statements, Connection connection, Batch batch) {
        this.statements = statements;
        this.connection = connection;
        this.batch = batch;
        this.sorted = new Sorted(batch, statements.locks);
    }

    /** Whose accounts were found; to be remembered once this is committed. */
    Collection<Sheet> sheets() {
        return sheets.values();
    }

    Appended run() throws SQLException {
        if (sorted.isAllFresh()) {
            Page page = new Page(sorted.charges(), batch.spent());
            if (statements.pages.advance(connection, batch.replica(), batch.sequence(), page)) {
                return new Appended.Done(sorted.bookings(List.of()), List.of());
            }
        }
        long strays = strays();
        if (strays > 0) {
            sorted.demote(statements.entries.find(connection, sorted.keys()).keySet());
        }
        return sorted.charges().isEmpty() ? book(batch.spent()) : bookBeside(strays);
    }

    /** Some on a page, with the units that the batch gives up, and the others now. */
    private Appended bookBeside(long strays) throws SQLException {
        Appended appended = book(List.of());
        if (appended instanceof Appended.Done) {
            if (strays() != strays + ownStrays) {
                // Somebody has booked with an id of this replica just now: next time it is found beforehand.
                throw new SQLException("Others have booked for this replica meanwhile");
            }
            Page page = new Page(sorted.charges(), batch.spent());
            statements.pages.put(connection, batch.replica(), batch.sequence(), page);
        }
        return appended;
    }

    /** How many entries others have booked with ids of this replica. */
    private long strays() throws SQLException {
        return Sql.first(
                        connection,
                        "SELECT strays FROM " + statements.tables.replica + " WHERE id = ?",
                        row -> row.getLong(1),
                        batch.replica())
                .orElse(0L);
    }

    private Appended book(List<Spent> spentNow) throws SQLException {
        List<Optional<Draft>> drafts = drafts();
        List<Draft> first = first(drafts);
        first.forEach(draft -> sheet(draft.pair).reach(draft.at));
        spentNow.forEach(
                spent -> sheet(new Pair(spent.window().tenant(), spent.window().meter()))
                        .reach(spent.window().startsAt()));
        List<Draft> strange = first.stream().filter(sorted::isStrange).toList();
        statements.locks.open(connection, sheets.keySet());
        Optional<Appended> instead = advanceAndLock(Strangers.replicas(strange));
        if (instead.isPresent()) {
            return instead.get();
        }
        if (!sheets.values().stream().allMatch(Sheet::isFound)) {
            throw statements.locks.vanished();
        }
        recogniseStrange(strange);
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
        spentNow.forEach(spent ->
                sheet(new Pair(spent.window().tenant(), spent.window().meter())).spend(spent.window(), spent.units()));
        List<WindowState> windows = statements.sheets.write(connection, sheets, batch.replica());
        mark(strange);
        return new Appended.Done(sorted.bookings(bookings(drafts)), windows);
    }

    private Sheet sheet(Pair pair) {
        return sheets.computeIfAbsent(pair, Sheet::new);
    }

    /** Empty if this is the next batch of the replica; then everything is locked. */
    private Optional<Appended> advanceAndLock(Set<String> whose) throws SQLException {
        if (!whose.isEmpty()) {
            // Before the own row is locked, and with it: everybody locks them by name.
            Set<String> all = new TreeSet<>(whose);
            all.add(batch.replica());
            present.addAll(statements.strangers.lock(connection, all));
        }
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
        for (Post post : sorted.others()) {
            if (post instanceof Post.Reverse reverse) {
                wanted.add(new Draft.Key(reverse.tenant(), reverse.source(), reverse.id(), false));
            }
        }
        Map<Draft.Key, LedgerEntry> known = new HashMap<>(statements.strangers.find(connection, wanted));
        known.putAll(statements.entries.find(connection, wanted));
        Map<Draft.Key, Draft> before = new HashMap<>();
        List<Optional<Draft>> drafts = new ArrayList<>(sorted.others().size());
        for (Post post : sorted.others()) {
            drafts.add(
                    switch (post) {
                        case Post.Use use -> {
                            Draft draft = Draft.of(use, sorted.isOwn(use));
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

    /** Decides about those that stand on a page or in a run. */
    private void recogniseStrange(List<Draft> strange) throws SQLException {
        Map<Draft.Key, LedgerEntry> known = statements.strangers.find(
                connection, strange.stream().map(draft -> draft.key).toList());
        for (Draft draft : strange) {
            LedgerEntry entry = known.get(draft.key);
            if (entry != null) {
                draft.found(entry);
            }
        }
    }

    /** Tells those whose ids were booked by somebody else, if they are still there to book them, too. */
    private void mark(List<Draft> strange) throws SQLException {
        Set<String> taken = Strangers.replicas(strange.stream()
                .filter(draft -> draft.booking() instanceof Booking.Booked)
                .toList());
        taken.retainAll(present);
        statements.strangers.mark(connection, taken);
        ownStrays = taken.contains(batch.replica()) ? 1 : 0;
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
                drafts.stream()
                        .filter(draft -> !draft.isDecided() && careful.contains(draft.pair))
                        .toList());
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
