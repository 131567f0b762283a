package dev.mortise.billing.period;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * The periods of a tenant, numbered from 0, without gaps: every one begins as many months after the anchor as its number
 * says, by the clock of the tenant's zone. Each is counted from the anchor and not from the one before it, so that from
 * 31 January they go to 28 February and back to 31 March.
 *
 * <p>A local time that is skipped when summer time begins is as much later; of one that comes twice the first counts
 * ({@link java.time.ZonedDateTime#of(LocalDateTime, ZoneId)}).
 *
 * @param anchor in whole seconds, in the years 1970 to 9000
 * @param months in a period: 1 for months, 12 for years; 1 to 120
 */
public record BillingCycle(LocalDateTime anchor, ZoneId zone, int months) {
    private static final int MAX_MONTHS = 120;

    /** @throws IllegalArgumentException if something is out of its range */
    public BillingCycle {
        Objects.requireNonNull(zone, "zone");
        if (!anchor.equals(anchor.truncatedTo(ChronoUnit.SECONDS))) {
            throw new IllegalArgumentException("An anchor is in whole seconds, not " + anchor);
        }
        if (anchor.getYear() < 1970 || anchor.getYear() > 9000) {
            throw new IllegalArgumentException("An anchor is in the years 1970 to 9000, not in " + anchor.getYear());
        }
        if (months < 1 || months > MAX_MONTHS) {
            throw new IllegalArgumentException("A period has 1 to " + MAX_MONTHS + " months, not " + months);
        }
    }

    /** Months that begin when something does. */
    public static BillingCycle from(Instant start, ZoneId zone, int months) {
        return new BillingCycle(LocalDateTime.ofInstant(Period.second(start), zone), zone, months);
    }

    /** Calendar months. */
    public static BillingCycle calendarMonths(ZoneId zone) {
        return new BillingCycle(LocalDateTime.of(1970, 1, 1, 0, 0), zone, 1);
    }

    /** When a period begins, and the one before it ends. */
    public Instant boundary(long number) {
        return anchor.plusMonths(Math.multiplyExact(number, (long) months))
                .atZone(zone)
                .toInstant();
    }

    /** @param number from 0; those before the anchor are negative */
    public Period period(long number) {
        return new Period(boundary(number), boundary(number + 1));
    }

    /** The number of the period in which something happens. */
    public long numberAt(Instant instant) {
        LocalDateTime local = LocalDateTime.ofInstant(instant, zone);
        long number = Math.floorDiv(ChronoUnit.MONTHS.between(anchor, local), (long) months);
        // What was estimated by whole months is off by one at the most: at the ends of months, and in skipped hours.
        while (boundary(number).isAfter(instant)) {
            number--;
        }
        while (!boundary(number + 1).isAfter(instant)) {
            number++;
        }
        return number;
    }

    public Period periodAt(Instant instant) {
        return period(numberAt(instant));
    }
}
