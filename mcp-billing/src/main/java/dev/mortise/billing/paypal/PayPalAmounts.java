package dev.mortise.billing.paypal;

import dev.mortise.billing.money.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Amounts as PayPal writes them: a decimal number, without decimals for three currencies, of which ISO 4217 gives two
 * some.
 *
 * @see <a href="https://developer.paypal.com/api/rest/reference/currency-codes/">Currency codes</a>
 */
final class PayPalAmounts {
    private static final Set<String> WHOLE = Set.of("HUF", "JPY", "TWD");

    private PayPalAmounts() {}

    /** @throws IllegalArgumentException if PayPal cannot write it, because it has decimals that PayPal does not know */
    static void write(ObjectNode node, Money money) {
        BigDecimal value = money.major();
        String code = money.currency().getCurrencyCode();
        if (WHOLE.contains(code)) {
            if (value.stripTrailingZeros().scale() > 0) {
                throw new IllegalArgumentException("PayPal takes no decimals in " + code + ": " + value);
            }
            value = value.setScale(0);
        }
        node.put("currency_code", code).put("value", value.toPlainString());
    }

    /** @return {@code null} if it is no amount */
    static @Nullable Money read(JsonNode node) {
        try {
            return Money.of(
                    new BigDecimal(node.path("value").asString("")),
                    Currency.getInstance(node.path("currency_code").asString("")));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }
}
