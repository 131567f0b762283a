package dev.mortise.billing.paypal;

import dev.mortise.billing.payment.PaymentHome;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

class PayPalPaymentsTest {
    @Nested
    class InSqlite extends PayPalPaymentsContract {
        @TempDir
        Path directory;

        @Override
        PaymentHome open() {
            return PaymentHome.sqlite(directory);
        }
    }

    @Nested
    class InPostgres extends PayPalPaymentsContract {
        @Override
        PaymentHome open() throws Exception {
            return PaymentHome.postgres();
        }
    }
}
