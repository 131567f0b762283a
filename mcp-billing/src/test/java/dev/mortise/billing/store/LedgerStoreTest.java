package dev.mortise.billing.store;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class LedgerStoreTest {
    @Nested
    class InSqlite extends LedgerStoreContract {
        @TempDir
        Path directory;

        @Override
        LedgerHome open() {
            return LedgerHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends LedgerStoreContract {
        @Override
        LedgerHome open() {
            return LedgerHome.postgres();
        }
    }

    @Nested
    class InPostgresThroughPgBouncer extends LedgerStoreContract {
        @Override
        LedgerHome open() {
            return LedgerHome.pgBouncer();
        }
    }
}
