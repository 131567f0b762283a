package dev.mortise.billing.invoice;

import dev.mortise.billing.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;

/** An amount before it is rounded: a quotient. */
record Exact(BigDecimal dividend, BigInteger divisor) {
    Money rounded(Currency currency) {
        return Money.quotient(dividend, divisor, currency);
    }
}
