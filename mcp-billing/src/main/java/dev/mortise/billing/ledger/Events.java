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
    private static final int LONGEST_NAME = 200;
    private static final int LONGEST_NOTE = 400;

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
        boolean named = isName(event.tenant()) && isName(event.source()) && isName(event.id());
        return named && isNote(event.item()) && isNote(event.actor())
                ? Optional.empty()
                : Optional.of(Booking.Reason.MALFORMED);
    }

    static boolean isName(String text) {
        return !text.isEmpty() && text.length() <= LONGEST_NAME && isPlain(text);
    }

    private static boolean isNote(String text) {
        return text.length() <= LONGEST_NOTE && isPlain(text);
    }

    /** Whether every database can hold it, and every list show it: no control characters, no half characters. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || (Character.isHighSurrogate(c) ? !isPair(text, i++) : Character.isLowSurrogate(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPair(String text, int at) {
        return at + 1 < text.length() && Character.isLowSurrogate(text.charAt(at + 1));
    }
}
