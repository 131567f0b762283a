package dev.mortise.mcp.store.jdbc;

import java.nio.file.Path;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteDataSource;

/** A SQLite file. */
public final class SqliteHome extends JdbcHome {
    private final Path file;

    public SqliteHome(Path directory) {
        this.file = directory.resolve("stores.db");
    }

    @Override
    DataSource dataSource() {
        SQLiteDataSource dataSource = new SQLiteDataSource();
        dataSource.setUrl("jdbc:sqlite:" + file);
        return dataSource;
    }

    @Override
    @Nullable
    String schema() {
        return null;
    }

    @Override
    public void restart() throws Exception {
        closeAll();
    }
}
