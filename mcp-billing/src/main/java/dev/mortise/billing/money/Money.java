package dev.mortise.billing.money;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An amount in the smallest unit of its currency: 2900 USD is twenty-nine dollars, 2900 JPY two thousand nine hundred
 * yen, 2900 KWD two dinars and nine hundred fils. May be negative. Exact: an overflow is an {@link ArithmeticException},
 * and amounts of two currencies are never put together ({@link WrongCurrency}).
 *
 * <p>{@link #quotient} is the only place in this library where an amount is rounded.
 */
public record Money(long minor, Currency currency) implements Comparable<Money> {
    /** @throws WrongCurrency if the currency has other than 0, 2 or 3 decimals (ISO 4217) */
    public Money {
        Objects.requireNonNull(currency, "currency");
        int digits = currency.getDefaultFractionDigits();
        if (digits != 0 && digits != 2 && digits != 3) {
            throw new WrongCurrency(
                    "Amounts in " + currency + " are not supported: it has neither 0, 2 nor 3 decimals");
        }
    }

    public static Money zero(Currency currency) {
        return new Money(0, currency);
    }

    /**
     * An amount as people write it, such as {@code 29.00}.
     *
     * @throws InvalidAmount if it has more decimals than the currency, or is too large
     */
    public static Money of(BigDecimal major, Currency currency) {
        try {
            return new Money(major.movePointRight(exponent(currency)).longValueExact(), currency);
        } catch (ArithmeticException e) {
            throw new InvalidAmount(
                    major + " is no amount of " + currency + ", which has " + exponent(currency) + " decimals", e);
        }
    }

    /** @throws InvalidAmount if it is no decimal number, has more decimals than the currency, or is too large */
    public static Money of(String major, Currency currency) {
        return of(Decimals.parse(major), currency);
    }

    /**
     * The one point of rounding: a quotient that was exact until here, rounded to the smallest unit, half to even.
     *
     * @param dividend in whole units of the currency, such as dollars
     * @param divisor above 0
     * @throws ArithmeticException if it does not fit into a {@code long}
     */
    public static Money quotient(BigDecimal dividend, BigInteger divisor, Currency currency) {
        if (divisor.signum() <= 0) {
            throw new ArithmeticException("A divisor is above 0, not " + divisor);
        }
        BigDecimal minor =
                dividend.movePointRight(exponent(currency)).divide(new BigDecimal(divisor), 0, RoundingMode.HALF_EVEN);
        return new Money(minor.longValueExact(), currency);
    }

    private static int exponent(Currency currency) {
        return zero(currency).exponent();
    }

    /** How many decimals the currency has: 0, 2 or 3. */
    public int exponent() {
        return currency.getDefaultFractionDigits();
    }

    /** In whole units of the currency: {@code 29.00}. */
    public BigDecimal major() {
        return BigDecimal.valueOf(minor, exponent());
    }

    public Money plus(Money other) {
        return new Money(Math.addExact(minor, same(other).minor), currency);
    }

    public Money minus(Money other) {
        return new Money(Math.subtractExact(minor, same(other).minor), currency);
    }

    public Money negated() {
        return new Money(Math.negateExact(minor), currency);
    }

    public Money min(Money other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public Money max(Money other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public boolean isZero() {
        return minor == 0;
    }

    public boolean isNegative() {
        return minor < 0;
    }

    public boolean isPositive() {
        return minor > 0;
    }

    private Money same(Money other) {
        if (!currency.equals(other.currency)) {
            throw new WrongCurrency(other.currency + " cannot be put together with " + currency);
        }
        return other;
    }

    /** @throws WrongCurrency if the other has another currency */
    @Override
    public int compareTo(Money other) {
        return Long.compare(minor, same(other).minor);
    }

    /**
     * Parts of this amount in the proportion of weights, which add up to it exactly: each has what it is due rounded
     * down, and those with the largest remainders one unit more (largest remainder method); of equal ones the first.
     *
     * @param weights none negative, and not all 0
     */
    public List<Money> allocate(List<BigInteger> weights) {
        BigInteger total = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
        if (total.signum() <= 0 || weights.stream().anyMatch(weight -> weight.signum() < 0)) {
            throw new IllegalArgumentException("Weights are not negative, and not all 0: " + weights);
        }
        BigInteger amount = BigInteger.valueOf(minor).abs();
        List<BigInteger[]> shares = weights.stream()
                .map(weight -> amount.multiply(weight).divideAndRemainder(total))
                .toList();
        long left = amount.subtract(shares.stream().map(share -> share[0]).reduce(BigInteger.ZERO, BigInteger::add))
                .longValueExact();
        List<Integer> favoured = IntStream.range(0, weights.size())
                .boxed()
                .sorted(Comparator.comparing((Integer i) -> shares.get(i)[1]).reversed())
                .limit(left)
                .toList();
        List<Money> parts = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            BigInteger part = shares.get(i)[0].add(favoured.contains(i) ? BigInteger.ONE : BigInteger.ZERO);
            parts.add(new Money((minor < 0 ? part.negate() : part).longValueExact(), currency));
        }
        return List.copyOf(parts);
    }

    /** As people write it, with the code of the currency: {@code 29.00 USD}. */
    @Override
    public String toString() {
        return major().toPlainString() + " " + currency;
    }
}
