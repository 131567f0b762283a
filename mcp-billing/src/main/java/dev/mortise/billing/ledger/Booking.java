package dev.mortise.billing.ledger;

/** What came of an event. */
public sealed interface Booking {
    /**
     * It is in the ledger now.
     *
     * @param position 0 if it is not given out yet
     */
    record Booked(long position) implements Booking {}

    /** It was in the ledger already, exactly like this. */
    record Repeated(long position) implements Booking {}

    /** Nothing was booked, and never will be for an event like this. */
    record Refused(Reason reason) implements Booking {}

    /** Why nothing was booked. */
    enum Reason {
        UNKNOWN_METER,
        /** Of a counter, 0 or less; of a gauge, 0. */
        NOT_POSITIVE,
        /** More than 10¹⁵ at once. */
        TOO_LARGE,
        /** The total would not fit into 63 bits. */
        OVERFLOW,
        /** The level of a gauge would fall below zero. */
        BELOW_ZERO,
        /** Used later than now, by more than clocks may differ. */
        IN_THE_FUTURE,
        /** Used before 1970. */
        BEFORE_TIME,
        /** A name is empty or too long, or has characters that no database keeps. */
        MALFORMED,
        /** The same tenant, source and id were booked with something else. */
        CONFLICT,
        /** There is no such entry to be reversed. */
        UNKNOWN_ENTRY
    }

    /** Whether the ledger has it, from now or from before. */
    default boolean isKept() {
        return !(this instanceof Refused);
    }
}
