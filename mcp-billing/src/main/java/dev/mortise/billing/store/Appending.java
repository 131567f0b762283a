package dev.mortise.billing.store;

import dev.mortise.billing.ledger.Batch;
import dev.mortise.billing.ledger.Booking;
import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.billing.ledger.LedgerStore.Appended;
import dev.mortise.billing.ledger.LedgerStore.WindowState;
import dev.mortise.billing.ledger.Post;
import dev.mortise.billing.store.Draft.Pair;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * One batch in one transaction. The totals of a tenant and meter are locked before its entries are numbered, in the same
 * order by everybody; windows and leases are changed only under that lock. Used once, by one thread.
 */
final class Appending {
    private static final String ENTRY_COLUMNS = "tenant, meter, position, source, event_id, reversal, debit, credit,"
            + " amount, at, recorded_at, item, actor";
    private static final String ONCE = " ON CONFLICT (tenant, source, event_id, reversal) DO NOTHING";

    private final Tables tables;
    private final Locks locks;
    private final Connection connection;
    private final Batch batch;

    Appending(Tables tables, Locks locks, Connection connection, Batch batch) {
        this.tables = tables;
        this.locks = locks;
        this.connection = connection;
        this.batch = batch;
    }

    /** @param pairs gets those whose accounts are there once this is committed */
    Appended run(Set<Pair> pairs) throws SQLException {
        Optional<Appended> instead = advance();
        if (instead.isPresent()) {
            return instead.get();
        }
        List<Optional<Draft>> drafts = drafts();
        List<Draft> first = first(drafts);
        first.forEach(draft -> pairs.add(draft.pair));
        batch.spent()
                .forEach(spent -> pairs.add(
                        new Pair(spent.window().tenant(), spent.window().meter())));
        Map<Pair, Totals> totals = locks.lock(connection, pairs);
        recogniseBeforeTaking(first);
        for (Draft draft : first) {
            if (!draft.isDecided() && draft.isOfNothing()) {
                draft.decide(new Booking.Refused(Booking.Reason.UNKNOWN_ENTRY));
            } else if (!draft.isDecided()) {
                Objects.requireNonNull(totals.get(draft.pair)).admit(draft);
            }
        }
        List<Draft> booked = insert(first, totals);
        if (first.stream().anyMatch(Draft::isOfConflict)) {
            // Another replica booked the same id with something else just now: next time it is found beforehand.
            throw new SQLException("What is to be reversed has changed meanwhile");
        }
        locks.update(connection, totals);
        List<WindowState> windows = new WindowUpdate(tables, connection, batch).run(pairs, booked);
        return new Appended.Done(bookings(drafts), windows);
    }

    /** Empty if this is the next batch of the replica. */
    private Optional<Appended> advance() throws SQLException {
        Rows next = tables.rows("sequence bigint", "id text");
        next.add(batch.sequence(), batch.replica());
        int changed = next.update(
                connection,
                "UPDATE " + tables.replica + " AS p SET sequence = r.sequence FROM {rows} WHERE p.id = r.id"
                        + " AND p.sequence = r.sequence - 1");
        if (changed == 1) {
            return Optional.empty();
        }
        Optional<Long> at = Sql.first(
                connection,
                "SELECT sequence FROM " + tables.replica + " WHERE id = ?",
                row -> row.getLong(1),
                batch.replica());
        if (at.isEmpty()) {
            return Optional.of(new Appended.Fenced());
        }
        if (at.get() == batch.sequence()) {
            return Optional.of(new Appended.Before());
        }
        throw new IllegalStateException("Batch " + batch.sequence() + " of a replica that is at " + at.get());
    }

    /** One for each post; empty where there is nothing to reverse. */
    private List<Optional<Draft>> drafts() throws SQLException {
        Rows wanted = tables.rows("tenant text", "source text", "event_id text", "reversal integer");
        for (Post post : batch.posts()) {
            if (post instanceof Post.Reverse reverse) {
                wanted.add(reverse.tenant(), reverse.source(), reverse.id(), 0);
            }
        }
        Map<Draft.Key, LedgerEntry> known = find(wanted);
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
        recognise(drafts.stream().filter(draft -> careful.contains(draft.pair)).toList());
    }

    /** Decides about those that are in the ledger already. */
    private void recognise(Collection<Draft> drafts) throws SQLException {
        Rows wanted = tables.rows("tenant text", "source text", "event_id text", "reversal integer");
        for (Draft draft : drafts) {
            wanted.add(draft.key.tenant(), draft.key.source(), draft.key.id(), draft.key.reversal() ? 1 : 0);
        }
        Map<Draft.Key, LedgerEntry> known = find(wanted);
        for (Draft draft : drafts) {
            LedgerEntry entry = known.get(draft.key);
            if (entry != null) {
                draft.found(entry);
            }
        }
    }

    private Map<Draft.Key, LedgerEntry> find(Rows wanted) throws SQLException {
        Map<Draft.Key, LedgerEntry> found = new HashMap<>();
        wanted.list(
                        connection,
                        "SELECT e.* FROM {rows} JOIN " + tables.entry + " AS e ON e.tenant = r.tenant AND"
                                + " e.source = r.source AND e.event_id = r.event_id AND e.reversal = r.reversal",
                        Tables::entry)
                .forEach(entry ->
                        found.put(new Draft.Key(entry.tenant(), entry.source(), entry.id(), entry.reversal()), entry));
        return found;
    }

    /** @return what is new */
    private List<Draft> insert(List<Draft> drafts, Map<Pair, Totals> totals) throws SQLException {
        List<Draft> admitted = drafts.stream()
                .filter(draft -> draft.booking() instanceof Booking.Booked)
                .toList();
        List<Draft> booked = new ArrayList<>(admitted.size());
        List<Draft> known = new ArrayList<>();
        boolean[] inserted = insertAll(admitted);
        for (int i = 0; i < inserted.length; i++) {
            (inserted[i] ? booked : known).add(admitted.get(i));
        }
        for (Draft draft : known) {
            Objects.requireNonNull(totals.get(draft.pair)).withdraw(draft);
        }
        recognise(known);
        return booked;
    }

    /** Which of them are new; the others were in the ledger already. */
    private boolean[] insertAll(List<Draft> drafts) throws SQLException {
        Rows rows = tables.rows(
                "tenant text",
                "meter text",
                "position bigint",
                "source text",
                "event_id text",
                "reversal integer",
                "debit text",
                "credit text",
                "amount bigint",
                "at bigint",
                "recorded_at bigint",
                "item text",
                "actor text");
        for (Draft draft : drafts) {
            rows.add(values(draft));
        }
        return switch (tables.dialect) {
            case POSTGRESQL -> insertTogether(rows, drafts);
            case SQLITE -> insertEach(rows);
        };
    }

    private boolean[] insertTogether(Rows rows, List<Draft> drafts) throws SQLException {
        record Place(Pair pair, long position) {}

        Set<Place> places = new HashSet<>(rows.list(
                connection,
                "INSERT INTO " + tables.entry + " (" + ENTRY_COLUMNS + ") SELECT " + ENTRY_COLUMNS + " FROM {rows}"
                        + ONCE + " RETURNING tenant, meter, position",
                row -> new Place(new Pair(row.getString(1), row.getString(2)), row.getLong(3))));
        boolean[] inserted = new boolean[drafts.size()];
        for (int i = 0; i < inserted.length; i++) {
            inserted[i] = places.contains(new Place(drafts.get(i).pair, drafts.get(i).position));
        }
        return inserted;
    }

    private boolean[] insertEach(Rows rows) throws SQLException {
        int[] counts = rows.updateEach(
                connection,
                "INSERT INTO " + tables.entry + " (" + ENTRY_COLUMNS
                        + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" + ONCE);
        boolean[] inserted = new boolean[counts.length];
        for (int i = 0; i < counts.length; i++) {
            inserted[i] = counts[i] == 1;
        }
        return inserted;
    }

    private static Object[] values(Draft draft) {
        return new Object[] {
            draft.key.tenant(),
            draft.pair.meter(),
            draft.position,
            draft.key.source(),
            draft.key.id(),
            draft.key.reversal() ? 1 : 0,
            draft.debit.key(),
            draft.credit.key(),
            draft.amount,
            draft.at,
            draft.recordedAt,
            draft.item,
            draft.actor
        };
    }
}
