package dev.mortise.examples.production.billing;

import dev.mortise.billing.payment.Payments;
import dev.mortise.billing.payment.PaymentsBuilder;
import dev.mortise.billing.payment.PlanPrice;
import dev.mortise.billing.payment.PriceList;
import dev.mortise.billing.paypal.PayPalBuilder;
import dev.mortise.billing.paypal.PayPalProvider;
import dev.mortise.billing.stripe.StripeBuilder;
import dev.mortise.billing.stripe.StripeProvider;
import dev.mortise.examples.production.settings.Setting;
import dev.mortise.examples.production.settings.Settings;
import dev.mortise.mcp.store.jdbc.Database;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;

/** Those who collect the money, as they are set. */
final class Providers {
    private static final Currency CURRENCY = Currency.getInstance("USD");

    private Providers() {}

    /** What is sold, in the order of the settings. */
    static List<PlanPrice> prices(Settings settings) {
        List<PlanPrice> prices = new ArrayList<>(prices(settings, "stripe", Setting.STRIPE_PRICES));
        prices.addAll(prices(settings, "paypal", Setting.PAYPAL_PLANS));
        return List.copyOf(prices);
    }

    static PaymentsBuilder of(Settings settings, Database database, Clock clock) {
        PaymentsBuilder payments = Payments.builder(database).clock(clock);
        settings.find(Setting.STRIPE_SECRET_KEY).ifPresent(key -> {
            StripeBuilder provider = StripeProvider.builder(key, List.of(settings.get(Setting.STRIPE_WEBHOOK_SECRET)))
                    .clock(clock);
            settings.find(Setting.STRIPE_URL).map(URI::create).ifPresent(url -> provider.server(url, url));
            payments.provider(provider.build());
        });
        settings.find(Setting.PAYPAL_CLIENT_ID).ifPresent(client -> {
            PayPalBuilder provider = PayPalProvider.builder(
                            client, settings.get(Setting.PAYPAL_CLIENT_SECRET), settings.get(Setting.PAYPAL_WEBHOOK_ID))
                    .clock(clock);
            payments.provider((settings.isOn(Setting.PAYPAL_LIVE) ? provider.live() : provider).build());
        });
        return payments.prices(PriceList.of(prices(settings)));
    }

    private static List<PlanPrice> prices(Settings settings, String provider, Setting setting) {
        List<PlanPrice> prices = new ArrayList<>();
        settings.pairs(setting).forEach((plan, id) -> prices.add(new PlanPrice(plan, CURRENCY, provider, id)));
        return prices;
    }
}
