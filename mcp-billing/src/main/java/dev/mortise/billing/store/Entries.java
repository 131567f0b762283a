package dev.mortise.billing.store;

import dev.mortise.billing.ledger.LedgerEntry;
import dev.mortise.mcp.store.jdbc.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds and inserts entries by their keys. Thread-safe. */
final class Entries {
    private static final String COLUMNS = "tenant, meter, position, source, event_id, reversal, debit, credit,"
            + " amount, at, recorded_at, item, actor";
    private static final String ONCE = " ON CONFLICT (tenant, source, event_id, reversal) DO NOTHING";

    private final Dialect dialect;
    private final Shape keys;
    private final Shape values;
    private final String find;
    private final String insert;

    Entries(Tables tables) {
        dialect = tables.dialect;
        keys = tables.shape("tenant text", "source text", "event_id text", "reversal integer");
        values = tables.shape(
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
        find = keys.sql("SELECT e.* FROM {rows} JOIN " + tables.entry + " AS e ON e.tenant = r.tenant AND"
                + " e.source = r.source AND e.event_id = r.event_id AND e.reversal = r.reversal");
        String into = "INSERT INTO " + tables.entry + " (" + COLUMNS + ") ";
        insert = switch (dialect) {
            case POSTGRESQL -> values.sql(into + "SELECT " + COLUMNS + " FROM {rows}" + ONCE);
            case SQLITE -> into + "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" + ONCE;
        };
    }

    /** Those of them that are in the ledger. */
    Map<Draft.Key, LedgerEntry> find(Connection connection, Collection<Draft.Key> wanted) throws SQLException {
        Rows rows = keys.rows();
        wanted.forEach(key -> rows.add(key.tenant(), key.source(), key.id(), key.reversal() ? 1 : 0));
        Map<Draft.Key, LedgerEntry> found = new HashMap<>();
        rows.list(connection, find, Tables::entry)
                .forEach(entry ->
                        found.put(new Draft.Key(entry.tenant(), entry.source(), entry.id(), entry.reversal()), entry));
        return found;
    }

    /** Decides about those that are in the ledger already. */
    void recognise(Connection connection, Collection<Draft> drafts) throws SQLException {
        Map<Draft.Key, LedgerEntry> known =
                find(connection, drafts.stream().map(draft -> draft.key).toList());
        for (Draft draft : drafts) {
            LedgerEntry entry = known.get(draft.key);
            if (entry != null) {
                draft.found(entry);
            }
        }
    }

    /** Which of them are new; the others were in the ledger already. */
    boolean[] insert(Connection connection, List<Draft> drafts) throws SQLException {
        Rows rows = values.rows();
        drafts.forEach(draft -> rows.add(values(draft)));
        boolean[] inserted = new boolean[drafts.size()];
        switch (dialect) {
            case POSTGRESQL -> {
                boolean all = rows.update(connection, insert) == inserted.length;
                // A place in the order is given out once: who has it is the one that was inserted.
                Map<Draft.Key, LedgerEntry> found = all
                        ? Map.of()
                        : find(
                                connection,
                                drafts.stream().map(draft -> draft.key).toList());
                for (int i = 0; i < inserted.length; i++) {
                    inserted[i] = all || drafts.get(i).isAt(found.get(drafts.get(i).key));
                }
            }
            case SQLITE -> {
                int[] counts = rows.updateEach(connection, insert);
                for (int i = 0; i < counts.length; i++) {
                    inserted[i] = counts[i] == 1;
                }
            }
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
