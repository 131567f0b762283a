package dev.mortise.billing.payment;

import java.util.Currency;
import java.util.Objects;

/**
 * What a plan in a currency is called at a provider.
 *
 * @param plan the plan's id in this system
 * @param provider {@link PaymentProvider#name}
 * @param id the provider's: a price of Stripe, a plan of PayPal
 */
public record PlanPrice(String plan, Currency currency, String provider, String id) {
    public PlanPrice {
        Objects.requireNonNull(plan, "plan");
        Objects.requireNonNull(currency, "currency");
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(id, "id");
    }
}
