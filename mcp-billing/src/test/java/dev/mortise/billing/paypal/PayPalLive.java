package dev.mortise.billing.paypal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.billing.money.Money;
import dev.mortise.billing.payment.Operation;
import dev.mortise.billing.payment.Performed;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.SubscriptionStatus;
import java.net.URI;
import java.time.Duration;
import java.util.Currency;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Against PayPal's sandbox itself: {@code mvn -Plive -pl mcp-billing test} with {@code PAYPAL_SANDBOX_CLIENT} and
 * {@code PAYPAL_SANDBOX_SECRET} in the environment. No part of a normal build.
 */
class PayPalLive {
    private static final URI BACK = URI.create("https://example.com/back");

    @Test
    void aPlanIsMadeOnceAndASubscriptionAwaitsApproval() {
        PayPalProvider provider = PayPalProvider.builder(
                        Objects.requireNonNull(System.getenv("PAYPAL_SANDBOX_CLIENT"), "PAYPAL_SANDBOX_CLIENT"),
                        Objects.requireNonNull(System.getenv("PAYPAL_SANDBOX_SECRET"), "PAYPAL_SANDBOX_SECRET"),
                        "unused")
                .build();
        Currency usd = Currency.getInstance("USD");
        String product = provider.catalog().product("MORTISE-LIVE-TEST", "Live test");
        String plan = provider.catalog().plan(product, "starter@1 USD", Money.of("29.00", usd), 1, 14);
        assertThat(provider.catalog().plan(product, "starter@1 USD", Money.of("29.00", usd), 1, 14))
                .isEqualTo(plan);
        Operation operation = new Operation.Checkout(
                UUID.randomUUID().toString(),
                "live-test",
                null,
                new PlanPrice("starter", usd, "paypal", plan),
                Duration.ZERO,
                BACK,
                BACK);
        Performed.Awaiting first = (Performed.Awaiting) provider.perform(operation);
        Performed.Awaiting again = (Performed.Awaiting) provider.perform(operation);
        assertThat(again.reference()).isEqualTo(first.reference());
        assertThat(provider.subscription(first.reference()).orElseThrow().status())
                .isEqualTo(SubscriptionStatus.PENDING);
        assertThat(provider.subscription(first.reference()).orElseThrow().operation())
                .isEqualTo(operation.id());
    }
}
