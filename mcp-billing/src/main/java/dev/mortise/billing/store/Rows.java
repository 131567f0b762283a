package dev.mortise.billing.store;

import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Many rows as parameters of a statement, however many there are. In a statement {@code {rows}} stands for a table
 * {@code r} with these columns: in PostgreSQL all rows at once, as arrays; in SQLite one after the other, because there a
 * statement costs no round trip. Not thread-safe.
 */
final class Rows {
    private final Dialect dialect;
    private final Statements statements;
    private final List<String> names;
    private final List<String> types;
    private final List<Object[]> rows = new ArrayList<>();

    /** @param columns such as {@code tenant text} and {@code used bigint} */
    Rows(Dialect dialect, Statements statements, String... columns) {
        this.dialect = dialect;
        this.statements = statements;
        this.names =
                Arrays.stream(columns).map(c -> c.substring(0, c.indexOf(' '))).toList();
        this.types =
                Arrays.stream(columns).map(c -> c.substring(c.indexOf(' ') + 1)).toList();
    }

    void add(Object... values) {
        rows.add(values);
    }

    /** @return of how many rows of the table something was changed */
    int update(Connection connection, String sql) throws SQLException {
        return rows.isEmpty()
                ? 0
                : switch (dialect) {
                    case POSTGRESQL -> updateTogether(connection, sql);
                    case SQLITE -> Arrays.stream(updateEach(connection, sql)).sum();
                };
    }

    private int updateTogether(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = together(connection, sql)) {
            return statement.executeUpdate();
        }
    }

    /** In SQLite only: how much was changed for each row. */
    int[] updateEach(Connection connection, String sql) throws SQLException {
        if (rows.isEmpty()) {
            return new int[0];
        }
        PreparedStatement statement = statements.prepared(connection, sql.replace("{rows}", source()));
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
        switch (dialect) {
            case POSTGRESQL -> {
                try (PreparedStatement statement = together(connection, sql)) {
                    read(statement, reader, list);
                }
            }
            case SQLITE -> {
                PreparedStatement statement = statements.prepared(connection, sql.replace("{rows}", source()));
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
                default -> throw new IllegalArgumentException("No column holds a " + row[i].getClass());
            }
        }
    }

    private PreparedStatement together(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.replace("{rows}", source()));
        try {
            for (int i = 0; i < names.size(); i++) {
                statement.setArray(i + 1, connection.createArrayOf(types.get(i), column(i)));
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private String source() {
        return switch (dialect) {
            case POSTGRESQL ->
                types.stream().map(type -> "?::" + type + "[]").collect(Collectors.joining(", ", "unnest(", ")"))
                        + " AS r(" + String.join(", ", names) + ")";
            case SQLITE ->
                names.stream().map(name -> "? AS " + name).collect(Collectors.joining(", ", "(SELECT ", ") AS r"));
        };
    }

    private Object[] column(int i) {
        return rows.stream().map(row -> row[i]).toArray();
    }
}
