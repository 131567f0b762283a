package dev.mortise.examples.production.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Several SQLite files as they are at one instant, while others go on writing them. For as long as it takes to begin, all
 * writers wait; then each file is read in the state it had at that instant (WAL mode), however long that takes.
 */
final class Snapshot implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 30_000;

    private final Map<Path, Connection> readers = new TreeMap<>();

    private Snapshot() {}

    /** What is done at the instant, while nobody writes. */
    interface Meanwhile {
        void run() throws IOException;
    }

    /** @param meanwhile is to be short: all calls that write wait for it */
    static Snapshot of(List<Path> files, Meanwhile meanwhile) throws IOException {
        Snapshot snapshot = new Snapshot();
        List<Connection> writers = new ArrayList<>();
        try {
            // In the same order by whoever does this, so that two do not wait for each other.
            for (Path file : files.stream().sorted().toList()) {
                Connection writer = open(file);
                writers.add(writer);
                execute(writer, "BEGIN IMMEDIATE");
            }
            for (Path file : files) {
                Connection reader = open(file);
                snapshot.readers.put(file, reader);
                execute(reader, "BEGIN");
                // The state that is read is the one of the first reading.
                query(reader, "SELECT count(*) FROM sqlite_master");
            }
            meanwhile.run();
            return snapshot;
        } catch (SQLException e) {
            snapshot.close();
            throw new IOException("A database cannot be read: " + e.getMessage(), e);
        } catch (IOException | RuntimeException e) {
            snapshot.close();
            throw e;
        } finally {
            for (Connection writer : writers) {
                close(writer);
            }
        }
    }

    /** Copies one of the files as it was, and looks whether the copy is whole. */
    void copy(Path file, Path target) throws IOException {
        Connection reader = readers.get(file);
        if (reader == null) {
            throw new IOException(file + " is not part of this");
        }
        try {
            execute(reader, "backup to '" + target.toString().replace("'", "''") + "'");
        } catch (SQLException e) {
            throw new IOException(file.getFileName() + " cannot be copied: " + e.getMessage(), e);
        }
        check(target);
    }

    /** @throws IOException if the database is not whole */
    static void check(Path file) throws IOException {
        try (Connection copy = open(file)) {
            String found = query(copy, "PRAGMA integrity_check");
            if (!"ok".equals(found)) {
                throw new IOException(file.getFileName() + " is not whole: " + found);
            }
        } catch (SQLException e) {
            throw new IOException(file.getFileName() + " is not whole: " + e.getMessage(), e);
        }
        Files.deleteIfExists(Path.of(file + "-wal"));
        Files.deleteIfExists(Path.of(file + "-shm"));
    }

    private static Connection open(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        execute(connection, "PRAGMA busy_timeout = " + PATIENCE_MILLIS);
        return connection;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            throw new IllegalStateException("A connection does not close", e);
        }
    }

    @Override
    public void close() {
        readers.values().forEach(Snapshot::close);
    }
}
