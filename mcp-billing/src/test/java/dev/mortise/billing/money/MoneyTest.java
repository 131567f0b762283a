package dev.mortise.billing.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Currency;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class MoneyTest {
    private static final Currency USD = Currency.getInstance("USD");
    private static final Currency JPY = Currency.getInstance("JPY");
    private static final Currency KWD = Currency.getInstance("KWD");

    @Example
    void hasTheDecimalsOfItsCurrency() {
        assertThat(Money.of("29.00", USD)).isEqualTo(new Money(2_900, USD)).hasToString("29.00 USD");
        assertThat(Money.of("2900", JPY)).isEqualTo(new Money(2_900, JPY)).hasToString("2900 JPY");
        assertThat(Money.of("2.9", KWD)).isEqualTo(new Money(2_900, KWD)).hasToString("2.900 KWD");
        assertThat(new Money(-5, USD)).hasToString("-0.05 USD");
    }

    @Example
    void whatIsNoAmountIsRefused() {
        for (String wrong :
                List.of("29.001", "", "1e3", "NaN", "Infinity", "+1", "1,000", ".5", "99999999999999999999", "٣")) {
            assertThatExceptionOfType(InvalidAmount.class).as(wrong).isThrownBy(() -> Money.of(wrong, USD));
        }
        assertThatExceptionOfType(InvalidAmount.class).isThrownBy(() -> Money.of("0.5", JPY));
        assertThatExceptionOfType(InvalidAmount.class).isThrownBy(() -> Money.of("999999999999999999.00", USD));
        for (String wrong : List.of("XXX", "XAU", "CLF")) {
            assertThatExceptionOfType(WrongCurrency.class)
                    .as(wrong)
                    .isThrownBy(() -> Money.zero(Currency.getInstance(wrong)));
        }
    }

    @Example
    void twoCurrenciesAreNeverPutTogether() {
        Money dollar = new Money(1, USD);
        Money yen = new Money(1, JPY);
        assertThatExceptionOfType(WrongCurrency.class).isThrownBy(() -> dollar.plus(yen));
        assertThatExceptionOfType(WrongCurrency.class).isThrownBy(() -> dollar.minus(yen));
        assertThatExceptionOfType(WrongCurrency.class).isThrownBy(() -> dollar.compareTo(yen));
        assertThatExceptionOfType(WrongCurrency.class).isThrownBy(() -> dollar.max(yen));
    }

    @Example
    void anOverflowIsNoAmount() {
        Money most = new Money(Long.MAX_VALUE, USD);
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> most.plus(new Money(1, USD)));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> most.negated().minus(new Money(2, USD)));
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> new Money(Long.MIN_VALUE, USD).negated());
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Money.quotient(BigDecimal.TEN.pow(30), BigInteger.ONE, USD));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> Money.quotient(BigDecimal.ONE, BigInteger.ZERO, USD));
    }

    @Example
    void isRoundedHalfToEvenOnce() {
        assertThat(Money.quotient(new BigDecimal("0.005"), BigInteger.ONE, USD).minor())
                .isZero();
        assertThat(Money.quotient(new BigDecimal("0.015"), BigInteger.ONE, USD).minor())
                .isEqualTo(2);
        assertThat(Money.quotient(new BigDecimal("0.025"), BigInteger.ONE, USD).minor())
                .isEqualTo(2);
        assertThat(Money.quotient(new BigDecimal("-0.025"), BigInteger.ONE, USD).minor())
                .isEqualTo(-2);
        assertThat(Money.quotient(new BigDecimal("0.025000000001"), BigInteger.ONE, USD)
                        .minor())
                .isEqualTo(3);
        // A third of 0.075 is exactly half a cent of two: nothing is rounded before.
        assertThat(Money.quotient(new BigDecimal("0.075"), BigInteger.valueOf(3), USD)
                        .minor())
                .isEqualTo(2);
    }

    @Example
    void ratesHaveTwelveDecimals() {
        assertThat(Rate.of("0.000000000001", USD).amount().scale()).isEqualTo(12);
        assertThat(Rate.of("0.5000", 1000, USD))
                .isEqualTo(Rate.of("0.5", 1000, USD))
                .hasToString("0.5 USD / 1000");
        assertThat(Rate.of("100", USD)).hasToString("100 USD");
        for (String wrong : List.of("0.0000000000001", "-0.1", "1e-3", "NaN", "")) {
            assertThatExceptionOfType(InvalidAmount.class).as(wrong).isThrownBy(() -> Rate.of(wrong, USD));
        }
        assertThatExceptionOfType(InvalidAmount.class).isThrownBy(() -> Rate.of("1", 0, USD));
        assertThatExceptionOfType(InvalidAmount.class).isThrownBy(() -> new Rate(new BigDecimal("1E-13"), 1, USD));
        assertThatExceptionOfType(InvalidAmount.class).isThrownBy(() -> new Rate(new BigDecimal("1E+19"), 1, USD));
    }

    private static BigInteger big(long number) {
        return BigInteger.valueOf(number);
    }

    @Property
    void partsAddUpAndNoneIsAUnitOff(
            @ForAll long minor, @ForAll @Size(min = 1, max = 12) List<@LongRange(max = 1L << 40) Long> weights) {
        net.jqwik.api.Assume.that(minor != Long.MIN_VALUE && weights.stream().anyMatch(weight -> weight > 0));
        List<BigInteger> all = weights.stream().map(MoneyTest::big).toList();
        BigInteger total = all.stream().reduce(BigInteger.ZERO, BigInteger::add);
        List<Money> parts = new Money(minor, USD).allocate(all);
        assertThat(parts.stream().map(part -> big(part.minor())).reduce(BigInteger.ZERO, BigInteger::add))
                .isEqualTo(big(minor));
        for (int i = 0; i < parts.size(); i++) {
            // |part · total − minor · weight| < total
            BigInteger off = big(parts.get(i).minor())
                    .multiply(total)
                    .subtract(big(minor).multiply(all.get(i)));
            assertThat(off.abs()).isLessThan(total);
            if (weights.get(i) == 0) {
                assertThat(parts.get(i).isZero()).isTrue();
            }
        }
    }

    @Example
    void theLargestRemaindersGetWhatIsLeft() {
        assertThat(new Money(100, USD).allocate(List.of(big(1), big(1), big(1))))
                .extracting(Money::minor)
                .containsExactly(34L, 33L, 33L);
        assertThat(new Money(10, USD).allocate(List.of(big(13), big(27), big(60))))
                .extracting(Money::minor)
                .containsExactly(1L, 3L, 6L);
        assertThat(new Money(-100, USD).allocate(List.of(big(1), big(2))))
                .extracting(Money::minor)
                .containsExactly(-33L, -67L);
    }

    @Property
    void aDecimalIsReadBackAsItWas(@ForAll long minor, @ForAll @IntRange(max = 2) int which) {
        net.jqwik.api.Assume.that(Math.abs(minor / 1000) < 100_000_000_000_000L);
        Money money = new Money(minor, List.of(USD, JPY, KWD).get(which));
        assertThat(Money.of(money.major().toPlainString(), money.currency())).isEqualTo(money);
    }
}
