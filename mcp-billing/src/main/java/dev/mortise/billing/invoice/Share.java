package dev.mortise.billing.invoice;

import java.math.BigInteger;

/** How much of a period a plan was in force: seconds of all its seconds. */
record Share(long seconds, long ofSeconds) {
    /** What a number of a whole period is for this share, counted in parts of a unit, rounded down. */
    BigInteger of(long whole, BigInteger scale) {
        return BigInteger.valueOf(whole)
                .multiply(BigInteger.valueOf(seconds))
                .multiply(scale)
                .divide(BigInteger.valueOf(ofSeconds));
    }
}
