package dev.mortise.billing.payment;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * When usage is settled, and as of when it is reported, for one subscription at one moment. An hour in which a period of
 * the subscription ends is cut there, so that no report is for two invoices. Immutable.
 *
 * @param boundaries where periods begin or end, in order
 * @param periodStart where the period began whose invoice is still open; empty if nobody knows
 * @param end of the subscription; empty if it goes on
 */
record UsageHours(
        String subscription,
        Instant now,
        List<Instant> boundaries,
        Optional<Instant> periodStart,
        Optional<Instant> end) {
    /** For so long what was used in an hour may come in; clocks may differ by half of it. */
    static final Duration SETTLE = Duration.ofMinutes(10);

    /** After a period has ended: an hour later a provider's invoice is final, and takes nothing more. */
    static final Duration OPEN = Duration.ofMinutes(45);

    /** A provider takes nothing that is older than 35 days. */
    private static final Duration OLDEST = Duration.ofDays(30);

    static UsageHours of(StoredSubscription subscription, Instant now) {
        List<Instant> boundaries = new ArrayList<>();
        Instant start = subscription.periodStart();
        Instant next = subscription.periodEnd();
        boolean ended = subscription.status() == SubscriptionStatus.ENDED;
        Instant end = subscription.endedAt();
        if (start != null) {
            boundaries.add(start);
        }
        if (next != null) {
            boundaries.add(next);
        }
        if (ended && end != null) {
            boundaries.add(end);
        }
        boundaries.sort(null);
        // That the next one has begun may be heard of later than it does.
        Instant current = !ended && next != null && !now.isBefore(next) ? next : start;
        return new UsageHours(
                subscription.id(),
                now,
                List.copyOf(boundaries),
                Optional.ofNullable(current),
                ended ? Optional.of(end == null ? now : end) : Optional.empty());
    }

    /** What was used from then on is on an invoice that is open, as far as one knows. */
    Instant since() {
        Instant current = periodStart.orElse(now);
        return !boundaries.isEmpty() && now.isBefore(current.plus(OPEN)) ? boundaries.getFirst() : current;
    }

    /** The beginning of the hour, or of what a boundary leaves of it. */
    Instant begin(Instant at) {
        Instant begin = at.truncatedTo(ChronoUnit.HOURS);
        for (Instant boundary : boundaries) {
            if (boundary.isAfter(begin) && !boundary.isAfter(at)) {
                begin = boundary;
            }
        }
        return begin;
    }

    private Instant end(Instant at) {
        Instant end = at.truncatedTo(ChronoUnit.HOURS).plus(1, ChronoUnit.HOURS);
        return boundaries.stream()
                .filter(boundary -> boundary.isAfter(at) && boundary.isBefore(end))
                .findFirst()
                .orElse(end);
    }

    boolean isSettled(Instant at) {
        return !now.isBefore(end(at).plus(SETTLE));
    }

    /** Whether the subscription is over, and its last invoice too. */
    boolean isOver() {
        return end.isPresent() && !now.isBefore(end.get().plus(OPEN));
    }

    boolean isAfterEnd(Instant at) {
        return end.isPresent() && !at.isBefore(end.get());
    }

    /** What belongs to an invoice that is final goes on the next one. */
    Instant reportedAs(Instant at) {
        Instant least = now.minus(OLDEST);
        if (end.isEmpty()
                && periodStart.isPresent()
                && at.isBefore(periodStart.get())
                && !now.isBefore(periodStart.get().plus(OPEN))
                && periodStart.get().isAfter(least)) {
            least = periodStart.get();
        }
        return at.isBefore(least) ? least : at;
    }
}
