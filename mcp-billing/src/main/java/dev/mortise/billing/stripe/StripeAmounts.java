package dev.mortise.billing.stripe;

import dev.mortise.billing.money.Money;
import java.util.Currency;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Amounts as Stripe counts them. Its smallest units are ISO 4217's but for a few currencies.
 *
 * @see <a href="https://docs.stripe.com/currencies#special-cases">Currencies: special cases</a>
 */
final class StripeAmounts {
    /** Digits behind the point where they differ from the JDK's. */
    private static final Map<String, Integer> DIGITS = Map.of("ISK", 2, "UGX", 2, "MGA", 0);

    private StripeAmounts() {}

    /** @return {@code null} if the currency is unknown here, or its unit has no such part */
    static @Nullable Money money(long amount, String code) {
        Currency currency;
        try {
            currency = Currency.getInstance(code.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return null;
        }
        int ours = currency.getDefaultFractionDigits();
        int theirs = DIGITS.getOrDefault(currency.getCurrencyCode(), ours);
        long minor = amount;
        for (int i = theirs; i < ours; i++) {
            minor = Math.multiplyExact(minor, 10L);
        }
        for (int i = ours; i < theirs; i++) {
            if (minor % 10 != 0) {
                return null;
            }
            minor /= 10;
        }
        return new Money(minor, currency);
    }
}
