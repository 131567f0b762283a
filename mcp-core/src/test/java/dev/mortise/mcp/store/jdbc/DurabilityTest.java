package dev.mortise.mcp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.SharedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** What the database is told about waiting for its disk, whatever the host has set. */
class DurabilityTest {
    @TempDir
    Path directory;

    private DataSource file(SQLiteConfig.SynchronousMode mode) {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(mode);
        SQLiteDataSource dataSource = new SQLiteDataSource(config);
        dataSource.setUrl("jdbc:sqlite:" + directory.resolve("test.db"));
        return dataSource;
    }

    private static String setting(Connection connection, String query) throws SQLException {
        return Sql.first(connection, query, row -> row.getString(1)).orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"BUFFERED, FULL, 0", "WRITTEN, OFF, 1", "SYNCED, OFF, 2"})
    void sqliteWaitsForTheDiskAsPromised(Durability durability, SQLiteConfig.SynchronousMode hosts, String level) {
        try (Database database =
                Database.opening(file(hosts)).durability(durability).open()) {
            assertThat(database.<String>write("Asking", c -> setting(c, "PRAGMA synchronous")))
                    .isEqualTo(level);
        }
    }

    @Test
    void nothingIsChangedWhereNothingWasPromised() {
        try (Database database = Database.of(file(SQLiteConfig.SynchronousMode.OFF))) {
            assertThat(database.<String>write("Asking", c -> setting(c, "PRAGMA synchronous")))
                    .isEqualTo("0");
        }
    }

    @Test
    void whatIsDeletedFromAFileIsOverwrittenWhereAskedFor() throws Exception {
        try (Database database = Database.opening(file(SQLiteConfig.SynchronousMode.NORMAL))
                .overwritingWhatIsDeleted()
                .open()) {
            database.write("Creating", c -> Sql.update(c, "CREATE TABLE t (name text)"));
            database.write("Inserting", c -> Sql.update(c, "INSERT INTO t VALUES ('a-name-to-forget')"));
            database.write("Deleting", c -> Sql.update(c, "DELETE FROM t"));
        }
        try (Connection connection = file(SQLiteConfig.SynchronousMode.NORMAL).getConnection();
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
        }
        assertThat(Files.readString(directory.resolve("test.db"), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("a-name-to-forget");
    }

    @ParameterizedTest
    @CsvSource({"BUFFERED, off", "WRITTEN, local"})
    void postgresIsToldForEachTransaction(Durability durability, String value) {
        DataSource server = SharedServers.postgres().dataSource();
        try (Database database = Database.opening(server).durability(durability).open()) {
            List<String> seen = List.of(
                    database.<String>write("Asking", c -> setting(c, "SHOW synchronous_commit")),
                    database.<String>read("Asking", c -> setting(c, "SHOW synchronous_commit")));
            assertThat(seen).containsExactly(value, "on");
        }
    }

    @Test
    void aServerThatNeverWaitsForItsDiskIsNotCalledSynced() {
        assertThatThrownBy(() -> Database.opening(SharedServers.postgres().dataSource())
                        .durability(Durability.SYNCED)
                        .open())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("fsync is off");
    }
}
