package dev.mortise.billing.period;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A stretch of time, half-open: its start belongs to it, its end to the next. In whole seconds, to which everything is
 * prorated. How many of them there are depends on the month, and on the changes of summer time in it.
 */
public record Period(Instant start, Instant end) {
    /** @throws IllegalArgumentException if it is empty, or begins or ends within a second */
    public Period {
        if (!start.isBefore(end)) {
            throw new IllegalArgumentException(
                    "A period ends after its start, but " + start + " … " + end + " does not");
        }
        if (!start.equals(second(start)) || !end.equals(second(end))) {
            throw new IllegalArgumentException("A period begins and ends with a second: " + start + " … " + end);
        }
    }

    /** The start of the second in which something happens: from there on it counts. */
    public static Instant second(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }

    public long seconds() {
        return Duration.between(start, end).toSeconds();
    }

    public boolean contains(Instant instant) {
        return !instant.isBefore(start) && instant.isBefore(end);
    }

    /** What of it lies in another one as well. */
    public Optional<Period> intersection(Period other) {
        Instant from = start.isAfter(other.start) ? start : other.start;
        Instant to = end.isBefore(other.end) ? end : other.end;
        return from.isBefore(to) ? Optional.of(new Period(from, to)) : Optional.empty();
    }
}
