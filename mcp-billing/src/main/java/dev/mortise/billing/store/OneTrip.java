package dev.mortise.billing.store;

import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Statements that are sent to PostgreSQL together and run one after the other: a round trip costs more than most of them.
 * Each sees what was committed before it began, as if it had been sent by itself. Used once, by one thread.
 */
final class OneTrip {
    private record Part(Rows rows, String sql, @Nullable Reading<?> reading) {}

    private record Reading<T>(Sql.Row<T> reader, List<T> list) {
        void read(ResultSet found) throws SQLException {
            while (found.next()) {
                list.add(reader.read(found));
            }
        }
    }

    private final List<Part> parts = new ArrayList<>();

    /** Nothing is sent for no rows. */
    void update(Rows rows, String sql) {
        if (!rows.isEmpty()) {
            parts.add(new Part(rows, sql, null));
        }
    }

    /** @return is filled when this is run */
    <T> List<T> list(Rows rows, String sql, Sql.Row<T> reader) {
        List<T> list = new ArrayList<>();
        if (!rows.isEmpty()) {
            parts.add(new Part(rows, sql, new Reading<>(reader, list)));
        }
        return list;
    }

    /** @return how many rows each of them has changed, in their order; of one that reads, 0 */
    int[] run(Connection connection) throws SQLException {
        int[] changed = new int[parts.size()];
        if (parts.isEmpty()) {
            return changed;
        }
        String sql = String.join(";\n", parts.stream().map(Part::sql).toList());
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int at = 1;
            for (Part part : parts) {
                at = part.rows().bindTogether(connection, statement, at);
            }
            boolean isResult = statement.execute();
            for (int i = 0; i < changed.length; i++) {
                Reading<?> reading = parts.get(i).reading();
                if ((reading != null) != isResult) {
                    throw new SQLException("A statement has answered in another way than was expected");
                }
                if (reading == null) {
                    changed[i] = statement.getUpdateCount();
                } else {
                    try (ResultSet found = statement.getResultSet()) {
                        reading.read(found);
                    }
                }
                isResult = i + 1 < changed.length && statement.getMoreResults();
            }
        }
        return changed;
    }
}
