package dev.mortise.examples.production.billing;

import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PaymentsBuilder;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.paypal.PayPalBuilder;
import dev.mortise.billing.paypal.PayPalProvider;
import dev.mortise.billing.stripe.StripeProvider;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.store.jdbc.Database;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/** Those who collect the money, as they are set. */
final class Providers {
    private static final Currency CURRENCY = Currency.getInstance("USD");

    private Providers() {}

    static boolean areSet(Settings settings) {
        return settings.find(Setting.STRIPE_SECRET_KEY).isPresent()
                || settings.find(Setting.PAYPAL_CLIENT_ID).isPresent();
    }

    static PaymentsBuilder of(Settings settings, Database database, Clock clock) {
        PaymentsBuilder payments = Payments.builder(database).clock(clock);
        List<PlanPrice> prices = new ArrayList<>();
        settings.find(Setting.STRIPE_SECRET_KEY).ifPresent(key -> {
            payments.provider(StripeProvider.builder(key, List.of(settings.get(Setting.STRIPE_WEBHOOK_SECRET)))
                    .clock(clock)
                    .build());
            prices.addAll(prices(settings, "stripe", Setting.STRIPE_PRICES));
        });
        settings.find(Setting.PAYPAL_CLIENT_ID).ifPresent(client -> {
            PayPalBuilder provider = PayPalProvider.builder(
                            client, settings.get(Setting.PAYPAL_CLIENT_SECRET), settings.get(Setting.PAYPAL_WEBHOOK_ID))
                    .clock(clock);
            payments.provider((settings.isOn(Setting.PAYPAL_LIVE) ? provider.live() : provider).build());
            prices.addAll(prices(settings, "paypal", Setting.PAYPAL_PLANS));
        });
        return payments.prices(PriceList.of(prices));
    }

    private static List<PlanPrice> prices(Settings settings, String provider, Setting setting) {
        List<PlanPrice> prices = new ArrayList<>();
        settings.pairs(setting).forEach((plan, id) -> prices.add(new PlanPrice(plan, CURRENCY, provider, id)));
        return prices;
    }
}
