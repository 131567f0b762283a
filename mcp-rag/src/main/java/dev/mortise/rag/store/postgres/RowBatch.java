package dev.mortise.rag.store.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inserts rows, many with one statement, but never more than a few megabytes at once. Not thread-safe. */
final class RowBatch {
    private static final int MOST_CHARACTERS = 4_000_000;
    private static final int MOST_ROWS = 10_000;

    private final Connection connection;
    private final String into;
    private final String select;
    private final String behind;
    private final List<List<@Nullable String>> columns = new ArrayList<>();
    private long characters;

    /**
     * @param into {@code INSERT INTO} a table and its columns
     * @param types of the columns, as text is cast to them
     * @param behind such as what to do on a conflict; may be empty
     */
    RowBatch(Connection connection, String into, List<String> types, String behind) {
        this.connection = connection;
        this.into = into;
        this.behind = behind;
        StringBuilder expressions = new StringBuilder("SELECT ");
        for (int i = 0; i < types.size(); i++) {
            expressions
                    .append(i == 0 ? "" : ", ")
                    .append("r.c")
                    .append(i)
                    .append("::")
                    .append(types.get(i));
            columns.add(new ArrayList<>());
        }
        this.select = expressions.toString();
    }

    void add(@Nullable String... row) throws SQLException {
        for (int i = 0; i < row.length; i++) {
            String value = row[i];
            columns.get(i).add(value);
            characters += value == null ? 1 : value.length();
        }
        if (characters > MOST_CHARACTERS || columns.getFirst().size() >= MOST_ROWS) {
            flush();
        }
    }

    void flush() throws SQLException {
        if (columns.getFirst().isEmpty()) {
            return;
        }
        Query query = Query.of(into).add(" ").add(select).add(" FROM unnest(");
        for (int i = 0; i < columns.size(); i++) {
            query.add(i == 0 ? "?" : ", ?", (Object) columns.get(i).toArray(String[]::new));
        }
        query.add(") AS r(");
        for (int i = 0; i < columns.size(); i++) {
            query.add((i == 0 ? "c" : ", c") + i);
        }
        query.add(") ").add(behind).update(connection);
        columns.forEach(List::clear);
        characters = 0;
    }
}
