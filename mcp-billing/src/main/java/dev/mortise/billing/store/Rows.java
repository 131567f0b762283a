package dev.mortise.billing.store;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.jdbc.Dialect;
import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ArrayNode;

/**
 * Many rows as one parameter of a statement, however many there are: arrays in PostgreSQL, JSON in SQLite. In a
 * statement {@code {rows}} stands for a table {@code r} with these columns. Not thread-safe.
 */
final class Rows {
    private final Dialect dialect;
    private final List<String> names;
    private final List<String> types;
    private final List<Object[]> rows = new ArrayList<>();

    /** @param columns such as {@code tenant text} and {@code used bigint} */
    Rows(Dialect dialect, String... columns) {
        this.dialect = dialect;
        this.names = List.of(columns).stream()
                .map(c -> c.substring(0, c.indexOf(' ')))
                .toList();
        this.types = List.of(columns).stream()
                .map(c -> c.substring(c.indexOf(' ') + 1))
                .toList();
    }

    void add(Object... values) {
        rows.add(values);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void update(Connection connection, String sql) throws SQLException {
        if (!rows.isEmpty()) {
            try (PreparedStatement statement = prepared(connection, sql)) {
                statement.executeUpdate();
            }
        }
    }

    <T> List<T> list(Connection connection, String sql, Sql.Row<T> reader) throws SQLException {
        List<T> list = new ArrayList<>();
        if (!rows.isEmpty()) {
            try (PreparedStatement statement = prepared(connection, sql);
                    ResultSet found = statement.executeQuery()) {
                while (found.next()) {
                    list.add(reader.read(found));
                }
            }
        }
        return list;
    }

    private PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql.replace("{rows}", source()));
        try {
            switch (dialect) {
                case POSTGRESQL -> {
                    for (int i = 0; i < names.size(); i++) {
                        statement.setArray(i + 1, connection.createArrayOf(types.get(i), column(i)));
                    }
                }
                case SQLITE -> statement.setString(1, json());
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
                IntStream.range(0, names.size())
                        .mapToObj(i -> "value ->> " + i + " AS " + names.get(i))
                        .collect(Collectors.joining(", ", "(SELECT ", " FROM json_each(?)) AS r"));
        };
    }

    private Object[] column(int i) {
        return rows.stream().map(row -> row[i]).toArray();
    }

    private String json() {
        ArrayNode all = Json.mapper().createArrayNode();
        for (Object[] row : rows) {
            ArrayNode one = all.addArray();
            for (Object value : row) {
                switch (value) {
                    case String text -> one.add(text);
                    case Long number -> one.add(number);
                    case Integer number -> one.add(number);
                    default -> throw new IllegalArgumentException("No column holds a " + value.getClass());
                }
            }
        }
        return all.toString();
    }
}
