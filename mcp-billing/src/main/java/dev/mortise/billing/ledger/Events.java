package dev.mortise.billing.ledger;

import dev.mortise.billing.meter.Meter;
import dev.mortise.billing.meter.Meters;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Finds what cannot be booked before it comes near the ledger. Thread-safe. */
final class Events {
    /** By how much the clocks of those who report may be ahead. */
    static final Duration AHEAD = Duration.ofMinutes(5);

    private static final long MOST = 1_000_000_000_000_000L;

    private final Meters meters;
    private final Clock clock;

    Events(Meters meters, Clock clock) {
        this.meters = meters;
        this.clock = clock;
    }

    Optional<Booking.Reason> objection(UsageEvent event) {
        Optional<Meter> meter = meters.find(event.meter());
        if (meter.isEmpty()) {
            return Optional.of(Booking.Reason.UNKNOWN_METER);
        }
        long quantity = event.quantity();
        if (quantity == 0 || (quantity < 0 && meter.get().kind() == Meter.Kind.COUNTER)) {
            return Optional.of(Booking.Reason.NOT_POSITIVE);
        }
        if (quantity > MOST || quantity < -MOST) {
            return Optional.of(Booking.Reason.TOO_LARGE);
        }
        if (event.at().getEpochSecond() < 0) {
            return Optional.of(Booking.Reason.BEFORE_TIME);
        }
        if (event.at().isAfter(clock.instant().plus(AHEAD))) {
            return Optional.of(Booking.Reason.IN_THE_FUTURE);
        }
        boolean named =
                UsageEvent.isName(event.tenant()) && UsageEvent.isName(event.source()) && UsageEvent.isName(event.id());
        return named && UsageEvent.isNote(event.item()) && UsageEvent.isNote(event.actor())
                ? Optional.empty()
                : Optional.of(Booking.Reason.MALFORMED);
    }
}
