package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;

/**
 * A SQLite database in memory that lives for one question. Whatever is asked of it reads nothing but what was put in,
 * writes nothing, not even temporary files, and ends in time: there is nothing to attach, extensions are not loaded, and the
 * engine asks every hundred steps whether it may go on. It does so at jumps only: so values and programs are bounded, and
 * what takes more than a few milliseconds for a value is replaced ({@link SafeFunctions}) or refused. Used by one
 * platform thread, because SQLite is native.
 */
final class Sandbox implements AutoCloseable {
    private static final int STEPS = 100;
    /** Bytes of a text, and of a row that is sorted or grouped. */
    static final int LONGEST_VALUE = 100_000;
    /** Instructions of a statement, all of which may be between two jumps. A sum of each of 200 columns takes a tenth. */
    private static final int LONGEST_PROGRAM = 10_000;

    private final Connection connection;

    private Sandbox(Connection connection) {
        this.connection = connection;
    }

    static Sandbox open() throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        try (Statement statement = connection.createStatement()) {
            // What is sorted would go to files, as large as it likes.
            statement.execute("PRAGMA temp_store = MEMORY");
        }
        return new Sandbox(connection);
    }

    /** Puts in a whole database file, which may have been made by somebody hostile. */
    void load(byte[] database) throws SQLException, CannotAnswer {
        connection.unwrap(SQLiteConnection.class).deserialize("main", withoutWal(database));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA trusted_schema = OFF");
            statement.execute("PRAGMA cell_size_check = ON");
            statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
        } catch (SQLException e) {
            throw new CannotAnswer(ToolText.NO_DATABASE);
        }
    }

    /** A database in memory has no write-ahead log beside it, as sqlite3_deserialize says: bytes 18 and 19 tell of one. */
    private static byte[] withoutWal(byte[] database) {
        if (database.length < 20 || database[18] != 2 || database[19] != 2) {
            return database;
        }
        byte[] rolledBack = database.clone();
        rolledBack[18] = 1;
        rolledBack[19] = 1;
        return rolledBack;
    }

    /** Puts in a table, whose columns have the types that their values are. */
    void load(String name, CsvTable table) throws SQLException {
        load(name, table, rows -> {});
    }

    /** @param loaded is told of each row how many there are */
    void load(String name, CsvTable table, IntConsumer loaded) throws SQLException {
        int done = 0;
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
                loaded.accept(++done);
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** What each view means, by its name. */
    Map<String, SqlWords> views() throws SQLException {
        Map<String, SqlWords> views = new HashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT name, sql FROM sqlite_schema WHERE type = 'view'")) {
            while (rows.next()) {
                views.put(rows.getString(1), SqlWords.of(rows.getString(2)));
            }
        }
        return views;
    }

    /** From here on nothing changes any more, and everything ends when this says so. */
    void seal(BooleanSupplier isOver) throws SQLException {
        SQLiteConnection sqlite = connection.unwrap(SQLiteConnection.class);
        SafeFunctions.install(connection, isOver);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only = ON");
        }
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, LONGEST_VALUE);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, 20_000);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_EXPR_DEPTH, 200);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_COMPOUND_SELECT, 50);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_COLUMN, 2_000);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_FUNCTION_ARG, 100);
        sqlite.setLimit(SQLiteLimits.SQLITE_LIMIT_VDBE_OP, LONGEST_PROGRAM);
        ProgressHandler.setHandler(connection, STEPS, new ProgressHandler() {
            @Override
            protected int progress() {
                return isOver.getAsBoolean() ? 1 : 0;
            }
        });
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
