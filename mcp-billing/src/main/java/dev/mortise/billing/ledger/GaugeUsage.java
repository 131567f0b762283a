package dev.mortise.billing.ledger;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.time.Duration;

/**
 * How a level went in an interval, by the times at which it changed.
 *
 * @param opening at the beginning, before what happened in that very moment
 * @param closing at the end
 * @param peak the highest that it was
 * @param unitMillis units times the milliseconds for which they were there; exact
 * @param length of the interval
 * @param position of the tenant and meter when it was read: everything up to there was looked at
 */
public record GaugeUsage(long opening, long closing, long peak, BigInteger unitMillis, Duration length, long position) {

    /** The level weighted by time; zero for an interval of no length. */
    public BigDecimal average() {
        return length.isZero() ? BigDecimal.ZERO : new BigDecimal(unitMillis).divide(millis(), MathContext.DECIMAL128);
    }

    /** There may be more of them than fit into a long. */
    private BigDecimal millis() {
        return BigDecimal.valueOf(length.toSeconds()).movePointRight(3).add(BigDecimal.valueOf(length.toMillisPart()));
    }
}
