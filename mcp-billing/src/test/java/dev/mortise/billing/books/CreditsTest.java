package dev.mortise.billing.books;

import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class CreditsTest {
    @Nested
    class InSqlite extends CreditsContract {
        @TempDir
        Path directory;

        @Override
        SqlHome open() {
            return SqlHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends CreditsContract {
        @Override
        SqlHome open() {
            return SqlHome.postgres();
        }
    }

    @Nested
    class ThroughPgBouncer extends CreditsContract {
        @Override
        SqlHome open() {
            return SqlHome.pgBouncer();
        }
    }
}
