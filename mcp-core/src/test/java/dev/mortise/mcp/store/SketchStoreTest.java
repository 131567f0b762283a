package dev.mortise.mcp.store;

import dev.mortise.mcp.store.jdbc.PostgresHome;
import dev.mortise.mcp.store.jdbc.SqliteHome;
import dev.mortise.mcp.store.redis.RedisHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class SketchStoreTest {
    @Nested
    class InSqlite extends SketchStoreContract {
        @TempDir
        Path directory;

        @Override
        StoreHome open() {
            return new SqliteHome(directory);
        }
    }

    @Nested
    class InPostgres extends SketchStoreContract {
        @Override
        StoreHome open() {
            return new PostgresHome(SharedServers.postgres());
        }
    }

    @Nested
    class InRedis extends SketchStoreContract {
        @Override
        StoreHome open() {
            return new RedisHome(SharedServers.redis());
        }
    }
}
