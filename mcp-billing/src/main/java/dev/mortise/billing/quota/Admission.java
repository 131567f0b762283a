package dev.mortise.billing.quota;

import dev.mortise.billing.ledger.Booking;

/** What came of asking for units. */
public sealed interface Admission {
    record Reserved(Reservation reservation) implements Admission {}

    record Denied(Denial denial) implements Admission {}

    /** It cannot be asked for like this; nothing is held. */
    record Invalid(Booking.Reason reason) implements Admission {}

    /**
     * The clock of this process is behind what it was before, so that nobody knows which window it is. This ends when it
     * has stayed there for a minute.
     */
    record ClockWentBack() implements Admission {}
}
