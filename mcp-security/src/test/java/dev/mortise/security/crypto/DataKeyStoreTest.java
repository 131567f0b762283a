package dev.mortise.security.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.jdbc.Database;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** What every store of wrapped keys does. */
@Timeout(60)
class DataKeyStoreTest {
    abstract static class Contract {
        DataKeyStore store;

        private static DataKeyStore.DataKeys keys(String tenant, long version, String wrappedWith) {
            return new DataKeyStore.DataKeys(
                    tenant, version, new KeyEncryption.Wrapped(wrappedWith, new byte[] {1, 2, (byte) version}));
        }

        @Test
        void keepsWhatItIsGiven() {
            for (String tenant : List.of("acme", "名\u0000 '%", "x".repeat(5000))) {
                assertThat(store.find(tenant)).isEmpty();
                assertThat(store.insert(keys(tenant, 1, "a"))).isTrue();
                assertThat(store.insert(keys(tenant, 1, "b"))).isFalse();
                DataKeyStore.DataKeys found = store.find(tenant).orElseThrow();
                assertThat(found.tenant()).isEqualTo(tenant);
                assertThat(found.version()).isEqualTo(1);
                assertThat(found.wrapped().key()).isEqualTo("a");
                assertThat(found.wrapped().bytes()).containsExactly(1, 2, 1);
            }
        }

        @Test
        void replacesOnlyTheVersionBefore() {
            store.insert(keys("acme", 1, "a"));
            assertThat(store.replace(keys("acme", 3, "a"))).isFalse();
            assertThat(store.replace(keys("acme", 2, "b"))).isTrue();
            assertThat(store.replace(keys("acme", 2, "c"))).isFalse();
            assertThat(store.replace(keys("other", 2, "a"))).isFalse();
            assertThat(store.find("acme").orElseThrow().wrapped().key()).isEqualTo("b");
        }

        @Test
        void neverForgetsThatATenantWasShredded() {
            store.insert(keys("acme", 1, "a"));
            assertThat(store.shred("acme")).isTrue();
            assertThat(store.shred("acme")).isFalse();
            assertThat(store.shred("never-there")).isFalse();
            for (String tenant : List.of("acme", "never-there")) {
                assertThat(store.find(tenant)).isEmpty();
                assertThat(store.insert(keys(tenant, 1, "a"))).isFalse();
                assertThat(store.replace(keys(tenant, 2, "a"))).isFalse();
            }
            assertThat(store.notWrappedWith("z", null, 10)).isEmpty();
        }

        @Test
        void listsWhatIsToBeWrappedAgain() {
            for (int i = 0; i < 25; i++) {
                store.insert(keys("tenant-" + i, 1, i % 5 == 0 ? "new" : "old"));
            }
            List<String> seen = new ArrayList<>();
            String after = null;
            while (true) {
                List<DataKeyStore.DataKeys> some = store.notWrappedWith("new", after, 6);
                if (some.isEmpty()) {
                    break;
                }
                some.forEach(each -> seen.add(each.tenant()));
                after = some.getLast().tenant();
            }
            assertThat(seen).hasSize(20).doesNotHaveDuplicates();
        }

        @Test
        void oneOfManyIsTheFirst() throws Exception {
            List<Future<Boolean>> inserts = new ArrayList<>();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 16; i++) {
                    inserts.add(threads.submit(() -> store.insert(keys("acme", 1, "a"))));
                }
            }
            int well = 0;
            for (Future<Boolean> insert : inserts) {
                well += insert.get() ? 1 : 0;
            }
            assertThat(well).isEqualTo(1);
        }
    }

    @Nested
    class InMemory extends Contract {
        @BeforeEach
        void open() {
            store = DataKeyStore.inMemory();
        }
    }

    @Nested
    class Sqlite extends Contract {
        @TempDir
        Path directory;

        private Database database;

        @BeforeEach
        void open() {
            SQLiteDataSource file = new SQLiteDataSource();
            file.setUrl("jdbc:sqlite:" + directory.resolve("keys.db"));
            database = Database.of(file);
            store = JdbcDataKeyStore.migrate(database);
        }

        @AfterEach
        void close() {
            database.close();
        }
    }

    @Nested
    class Postgres extends Contract {
        private Database database;

        @BeforeEach
        void open() {
            database = Database.of(SharedServers.postgres().dataSource(), "crypto", Duration.ofSeconds(10));
            store = JdbcDataKeyStore.migrate(database);
        }

        @AfterEach
        void close() {
            database.write("Dropping", connection -> {
                try (var statement = connection.createStatement()) {
                    return statement.execute("DROP SCHEMA crypto CASCADE");
                }
            });
            database.close();
        }
    }
}
