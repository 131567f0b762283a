package dev.mortise.billing.stripe;

import dev.mortise.billing.payment.PaymentHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class StripeRetentionTest {
    @Nested
    class InSqlite extends StripeRetentionContract {
        @TempDir
        Path directory;

        @Override
        PaymentHome open() {
            return PaymentHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends StripeRetentionContract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.postgres();
        }
    }

    @Nested
    class ThroughPgBouncer extends StripeRetentionContract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.pgBouncer();
        }
    }
}
