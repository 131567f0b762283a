package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** The terms of one tenant, and how many chunks have each, as a transaction sees them. */
final class Vocabulary {
    private final Tables tables;
    private final Connection connection;
    private final UUID tenant;

    Vocabulary(Tables tables, Connection connection, Tenant tenant) {
        this.tables = tables;
        this.connection = connection;
        this.tenant = Ids.of(tenant);
    }

    /** How many chunks have each of these terms; those that none has are missing. */
    Map<String, Long> frequencies(Collection<String> terms) throws SQLException {
        Map<String, Long> frequencies = new HashMap<>();
        if (!terms.isEmpty()) {
            Query.of("SELECT term, chunks FROM " + tables.word() + " WHERE tenant = ? AND term = ANY (?)")
                    .add("", tenant, terms.stream().map(StorableText::of).toArray(String[]::new))
                    .list(connection, row -> frequencies.put(StorableText.read(row.getString(1)), row.getLong(2)));
        }
        return frequencies;
    }

    /** The terms that begin like this and have so many characters, the commonest first, and so many at most. */
    Map<String, Long> beginning(int codePoint, int shortest, int longest, int most) throws SQLException {
        Map<String, Long> found = new HashMap<>();
        int next = codePoint + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : codePoint + 1;
        Query.of(
                        "SELECT term, chunks FROM " + tables.word() + " WHERE tenant = ? AND term >= ? AND term < ?"
                                + " AND char_length(term) BETWEEN ? AND ? ORDER BY chunks DESC, term LIMIT ?",
                        tenant,
                        Character.toString(codePoint),
                        Character.toString(next),
                        shortest,
                        longest,
                        most)
                .list(connection, row -> found.put(StorableText.read(row.getString(1)), row.getLong(2)));
        return found;
    }
}
