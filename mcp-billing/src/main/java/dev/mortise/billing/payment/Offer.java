package dev.mortise.billing.payment;

import java.util.Currency;
import java.util.regex.Pattern;

/**
 * A plan on a {@link CheckoutPage}.
 *
 * @param plan as in the {@link PriceList}
 * @param provider as in the {@link PriceList}
 * @param title the plan for people, such as {@code Professional}
 * @param terms its price and what it includes, for people
 */
public record Offer(String plan, String provider, Currency currency, String title, String terms) {
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9_.@-]{1,100}");

    /** @throws IllegalArgumentException if the plan or the provider has characters that no name of theirs has */
    public Offer {
        if (!KEY.matcher(plan).matches() || !KEY.matcher(provider).matches()) {
            throw new IllegalArgumentException("No plan of no provider is called " + plan + " of " + provider);
        }
    }

    /** As the form on the page names it. */
    public String key() {
        return plan + '/' + provider + '/' + currency.getCurrencyCode();
    }
}
