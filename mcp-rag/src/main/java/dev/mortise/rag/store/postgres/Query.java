package dev.mortise.rag.store.postgres;

import dev.mortise.mcp.store.jdbc.Sql;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A statement that grows together with its values: strings, numbers, UUIDs and arrays of strings. Not thread-safe. */
final class Query {
    private final StringBuilder text = new StringBuilder();
    private final List<Object> values = new ArrayList<>();

    static Query of(String sql, Object... values) {
        return new Query().add(sql, values);
    }

    /** @param added one for each question mark */
    Query add(String sql, Object... added) {
        text.append(sql);
        values.addAll(List.of(added));
        return this;
    }

    Query add(Query other) {
        text.append(other.text);
        values.addAll(other.values);
        return this;
    }

    <T> List<T> list(Connection connection, Sql.Row<T> row) throws SQLException {
        try (PreparedStatement statement = prepared(connection)) {
            boolean rows = statement.execute();
            // Settings for the transaction may stand in front, so that they cost no round trip.
            while (!rows) {
                if (statement.getUpdateCount() < 0) {
                    throw new SQLException("The statement gave no rows");
                }
                rows = statement.getMoreResults();
            }
            List<T> list = new ArrayList<>();
            try (ResultSet result = statement.getResultSet()) {
                while (result.next()) {
                    list.add(row.read(result));
                }
            }
            return list;
        }
    }

    /** @return how many rows it changed */
    int update(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepared(connection)) {
            return statement.executeUpdate();
        }
    }

    private PreparedStatement prepared(Connection connection) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text.toString());
        try {
            for (int i = 0; i < values.size(); i++) {
                bind(connection, statement, i + 1, values.get(i));
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static void bind(Connection connection, PreparedStatement statement, int index, Object value)
            throws SQLException {
        switch (value) {
            case String string -> statement.setString(index, string);
            case Long number -> statement.setLong(index, number);
            case Integer number -> statement.setInt(index, number);
            case Double number -> statement.setDouble(index, number);
            case UUID uuid -> statement.setObject(index, uuid);
            case String[] strings -> statement.setArray(index, connection.createArrayOf("text", strings));
            default ->
                throw new IllegalArgumentException(
                        "No column holds a " + value.getClass().getName());
        }
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
