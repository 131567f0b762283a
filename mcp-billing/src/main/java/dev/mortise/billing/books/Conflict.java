package dev.mortise.billing.books;

/** What was asked for cannot be done as things are. Nothing was booked. */
public final class Conflict extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    Conflict(String message) {
        super(message);
    }
}
