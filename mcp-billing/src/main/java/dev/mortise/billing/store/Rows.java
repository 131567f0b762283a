package dev.mortise.billing.store;

import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Many rows as parameters of a statement, however many there are: in PostgreSQL all rows at once, as arrays; in SQLite
 * one after the other, because there a statement costs no round trip. Statements are written with {@link Shape#sql}. Not
 * thread-safe.
 */
final class Rows {
    private final Shape shape;
    private final List<Object[]> rows = new ArrayList<>();

    Rows(Shape shape) {
        this.shape = shape;
    }

    void add(Object... values) {
        rows.add(values);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** @return of how many rows of the table something was changed */
    int update(Connection connection, String sql) throws SQLException {
        return rows.isEmpty()
                ? 0
                : switch (shape.dialect) {
                    case POSTGRESQL -> updateTogether(connection, sql);
                    case SQLITE -> Arrays.stream(updateEach(connection, sql)).sum();
                };
    }

    private int updateTogether(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bindTogether(connection, statement, 1);
            return statement.executeUpdate();
        }
    }

    /** In SQLite only: how much was changed for each row. The columns may also be written as {@code ?1}, {@code ?2}, … */
    int[] updateEach(Connection connection, String sql) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        PreparedStatement statement = shape.statements.prepared(connection, sql);
        // Nothing may be left in it, whatever became of those who used it before.
        statement.clearBatch();
        for (Object[] row : rows) {
            bind(statement, row);
            statement.addBatch();
        }
        return statement.executeBatch();
    }

    <T> List<T> list(Connection connection, String sql, Sql.Row<T> reader) throws SQLException {
        List<T> list = new ArrayList<>();
        if (rows.isEmpty()) {
            return list;
        }
        switch (shape.dialect) {
            case POSTGRESQL -> {
                try (PreparedStatement statement = connection.prepareStatement(sql)) {
                    bindTogether(connection, statement, 1);
                    read(statement, reader, list);
                }
            }
            case SQLITE -> {
                PreparedStatement statement = shape.statements.prepared(connection, sql);
                for (Object[] row : rows) {
                    bind(statement, row);
                    read(statement, reader, list);
                }
            }
        }
        return list;
    }

    private static <T> void read(PreparedStatement statement, Sql.Row<T> reader, List<T> list) throws SQLException {
        try (ResultSet found = statement.executeQuery()) {
            while (found.next()) {
                list.add(reader.read(found));
            }
        }
    }

    private static void bind(PreparedStatement statement, Object[] row) throws SQLException {
        for (int i = 0; i < row.length; i++) {
            switch (row[i]) {
                case String text -> statement.setString(i + 1, text);
                case Long number -> statement.setLong(i + 1, number);
                case Integer number -> statement.setInt(i + 1, number);
                case byte[] bytes -> statement.setBytes(i + 1, bytes);
                default -> throw new IllegalArgumentException("No column holds a " + row[i].getClass());
            }
        }
    }

    /**
     * In PostgreSQL only: sets the columns as arrays.
     *
     * @return the number of the parameter after them
     */
    int bindTogether(Connection connection, PreparedStatement statement, int from) throws SQLException {
        int at = from;
        for (int i = 0; i < shape.types.size(); i++) {
            statement.setArray(at++, connection.createArrayOf(shape.types.get(i), column(i)));
        }
        return at;
    }

    private Object[] column(int i) {
        Object[] column = shape.types.get(i).equals("bytea") ? new byte[rows.size()][] : new Object[rows.size()];
        for (int row = 0; row < column.length; row++) {
            column[row] = rows.get(row)[i];
        }
        return column;
    }
}
