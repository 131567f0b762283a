package dev.mortise.billing.money;

import java.util.Currency;
import java.util.Objects;

/**
 * An amount in the smallest unit of its currency: 2900 USD is twenty-nine dollars, 2900 JPY two thousand nine hundred
 * yen, 2900 KWD two dinars and nine hundred fils. Exact: an overflow is an {@link ArithmeticException}.
 */
public record Money(long minor, Currency currency) {
    public Money {
        Objects.requireNonNull(currency, "currency");
    }
}
