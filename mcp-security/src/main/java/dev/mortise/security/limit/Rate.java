package dev.mortise.security.limit;

import java.time.Duration;

/**
 * So much in so long a time, evened out (the generic cell rate algorithm): one unit comes back every
 * {@code period / permits}, and at most {@code burst} of them wait to be used at once. Over any span of time {@code t},
 * no more than {@code burst + t * permits / period} units are given out. Immutable.
 *
 * @param permits 1 to 1,000,000,000 units in each period
 * @param period up to 366 days; in Redis times are whole microseconds, rounded to the side of fewer units
 * @param burst 1 to {@code permits}
 */
public record Rate(long permits, Duration period, long burst) {
    private static final long MAX_PERMITS = 1_000_000_000;
    private static final Duration MAX_PERIOD = Duration.ofDays(366);

    public Rate {
        if (permits < 1 || permits > MAX_PERMITS) {
            throw new IllegalArgumentException("A rate has 1 to " + MAX_PERMITS + " permits, not " + permits);
        }
        if (period.isNegative() || period.isZero() || period.compareTo(MAX_PERIOD) > 0) {
            throw new IllegalArgumentException("A rate is per at most " + MAX_PERIOD + ", not " + period);
        }
        if (burst < 1 || burst > permits) {
            throw new IllegalArgumentException("A burst is 1 to as many as the permits, " + permits + ", not " + burst);
        }
    }

    /** With all permits of a period at once, if nobody used any before. */
    public static Rate of(long permits, Duration period) {
        return new Rate(permits, period, permits);
    }

    public static Rate perSecond(long permits) {
        return of(permits, Duration.ofSeconds(1));
    }

    public static Rate perMinute(long permits) {
        return of(permits, Duration.ofMinutes(1));
    }

    public static Rate perHour(long permits) {
        return of(permits, Duration.ofHours(1));
    }

    public static Rate perDay(long permits) {
        return of(permits, Duration.ofDays(1));
    }

    /** At most so many at once. */
    public Rate withBurst(long newBurst) {
        return new Rate(permits, period, newBurst);
    }

    /** How long a unit takes to come back, in parts of a second; never shorter than it really is. */
    long step(long unitsPerSecond) {
        long whole = Math.addExact(
                Math.multiplyExact(period.toSeconds(), unitsPerSecond),
                Math.ceilDiv((long) period.toNanosPart(), 1_000_000_000 / unitsPerSecond));
        return Math.max(1, Math.ceilDiv(whole, permits));
    }

    /** A part of this rate, and at least one unit of it. */
    Rate share(double part) {
        long fewer = Math.max(1, (long) (permits * part));
        return new Rate(fewer, period, Math.clamp((long) (burst * part), 1, fewer));
    }
}
