package dev.mortise.billing.stripe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.OperationResult;
import dev.mortise.billing.payment.PaymentHome;
import dev.mortise.billing.payment.PaymentStanding;
import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Against Stripe itself, in test mode: {@code mvn -Plive -pl mcp-billing test} with {@code STRIPE_TEST_KEY} and
 * {@code STRIPE_TEST_PRICE}, a monthly price in USD, in the environment. No part of a normal build.
 */
class StripeLive {
    private static final URI BACK = URI.create("https://example.com/back");

    @TempDir
    Path directory;

    @Test
    void aTrialBeginsIsFoundAndEnds() throws Exception {
        String key = Objects.requireNonNull(System.getenv("STRIPE_TEST_KEY"), "STRIPE_TEST_KEY");
        String price = Objects.requireNonNull(System.getenv("STRIPE_TEST_PRICE"), "STRIPE_TEST_PRICE");
        assertThat(key).as("never with real money").contains("_test_");
        Currency usd = Currency.getInstance("USD");
        String tenant = "live-test-" + UUID.randomUUID();
        try (PaymentHome home = PaymentHome.sqlite(directory)) {
            Payments payments = Payments.builder(home.database())
                    .provider(
                            StripeProvider.builder(key, List.of("whsec_unused")).build())
                    .prices(PriceList.of(List.of(new PlanPrice("starter", usd, "stripe", price))))
                    .migrate();
            OperationResult page =
                    payments.checkout(tenant, "page", "stripe", "starter", usd, Duration.ZERO, BACK, BACK);
            assertThat(page).isInstanceOf(OperationResult.Awaiting.class);
            assertThat(payments.withdraw(tenant)).isTrue();
            assertThat(payments.subscribe(tenant, "begin", "stripe", "starter", usd, Duration.ofDays(7)))
                    .isInstanceOf(OperationResult.Done.class);
            assertThat(payments.access().of(tenant).standing()).isEqualTo(PaymentStanding.TRIAL);
            assertThat(payments.portal(tenant, "stripe", BACK)).isPresent();
            assertThat(payments.cancel(tenant, "end", Operation.CancelWhen.NOW))
                    .isInstanceOf(OperationResult.Done.class);
            assertThat(payments.access().of(tenant).standing()).isEqualTo(PaymentStanding.ENDED);
        }
    }
}
