package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * A SQLite database in memory that lives for one question. Whatever is asked of it reads nothing but what was put in,
 * writes nothing, and ends in time: there is nothing to attach, extensions are not loaded, values and statements are
 * bounded, and the engine asks every few thousand steps whether it may go on. Used by one platform thread, because SQLite
 * is native.
 */
final class Sandbox implements AutoCloseable {
    private static final int STEPS = 2_000;
    private static final int LONGEST_VALUE = 1_000_000;

    private final Connection connection;

    private Sandbox(Connection connection) {
        this.connection = connection;
    }

    static Sandbox open() throws SQLException {
        return new Sandbox(DriverManager.getConnection("jdbc:sqlite::memory:"));
    }

    /** Puts in a whole database file, which may have been made by somebody hostile. */
    void load(byte[] database) throws SQLException, CannotAnswer {
        connection.unwrap(SQLiteConnection.class).deserialize("main", database);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema = OFF");
            statement.execute("PRAGMA cell_size_check = ON");
            statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
        } catch (SQLException e) {
            throw new CannotAnswer("This is no SQLite database, or a damaged one.");
        }
    }

    /** Puts in a table, whose columns have the types that their values are. */
    void load(String name, CsvTable table) throws SQLException {
        List<ColumnType> types = IntStream.range(0, table.columns().size())
                .mapToObj(index -> ColumnType.of(table.column(index)))
                .toList();
        String columns = IntStream.range(0, types.size())
                .mapToObj(
                        i -> quoted(table.columns().get(i)) + " " + types.get(i).sql())
                .collect(Collectors.joining(", "));
        String values = table.columns().stream().map(column -> "?").collect(Collectors.joining(", "));
        connection.setAutoCommit(false);
        try (Statement create = connection.createStatement()) {
            create.execute("CREATE TABLE " + quoted(name) + " (" + columns + ")");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO " + quoted(name) + " VALUES (" + values + ")")) {
            for (List<String> row : table.rows()) {
                for (int i = 0; i < row.size(); i++) {
                    String value = types.get(i) == ColumnType.TEXT
                            ? row.get(i)
                            : row.get(i).strip();
                    // Nothing is no text of length zero: sums and averages leave it out.
                    insert.setString(i + 1, value.isEmpty() ? null : value);
                }
                insert.executeUpdate();
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** From here on nothing changes any more, and everything ends when this says so. */
    void seal(Deadline deadline) throws SQLException {
        SQLiteConnection sqlite = connection.unwrap(SQLiteConnection.class);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
        }
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, 20_000);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH, 200);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_COMPOUND_SELECT, 50);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 1_000);
        ProgressHandler.setHandler(connection, STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                return deadline.isOver() ? 1 : 0;
            }
        });
    }

    /** Whether a query may go on. */
    @FunctionalInterface
    interface Deadline {
        boolean isOver();
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
