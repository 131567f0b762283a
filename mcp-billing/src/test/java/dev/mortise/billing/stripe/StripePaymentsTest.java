package dev.mortise.billing.stripe;

import dev.mortise.billing.payment.PaymentHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class StripePaymentsTest {
    @Nested
    class InSqlite extends StripePaymentsContract {
        @TempDir
        Path directory;

        @Override
        PaymentHome open() {
            return PaymentHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends StripePaymentsContract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.postgres();
        }
    }

    @Nested
    class ThroughPgBouncer extends StripePaymentsContract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.pgBouncer();
        }
    }
}
