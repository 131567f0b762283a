package dev.mortise.billing.money;

import java.math.BigDecimal;
import java.util.Currency;
import java.util.Objects;

/**
 * What some number of units cost: exact, with up to 12 decimals, and never rounded by itself. {@code 0.0004 USD} for one
 * unit is a fortieth of a cent.
 *
 * @param amount in whole units of the currency, such as dollars; not negative
 * @param per how many units that is the price of; at least 1
 */
public record Rate(BigDecimal amount, long per, Currency currency) {
    /** @throws InvalidAmount if the amount is negative or has more than 12 decimals, or per is below 1 */
    public Rate {
        Objects.requireNonNull(currency, "currency");
        amount = amount.signum() == 0 ? BigDecimal.ZERO : amount.stripTrailingZeros();
        if (amount.scale() > Decimals.MAX_SCALE || amount.precision() - amount.scale() > 18) {
            throw new InvalidAmount("A rate has at most " + Decimals.MAX_SCALE + " decimals, not " + amount.scale());
        }
        if (amount.signum() < 0) {
            throw new InvalidAmount("A rate is not negative: " + amount.toPlainString());
        }
        if (per < 1) {
            throw new InvalidAmount("A rate is for 1 unit or more, not for " + per);
        }
    }

    /** @throws InvalidAmount if the text is no such number */
    public static Rate of(String amount, long per, Currency currency) {
        return new Rate(Decimals.parse(amount), per, currency);
    }

    /** @throws InvalidAmount if the text is no such number */
    public static Rate of(String amount, Currency currency) {
        return of(amount, 1, currency);
    }

    @Override
    public String toString() {
        return amount.toPlainString() + " " + currency + (per == 1 ? "" : " / " + per);
    }
}
