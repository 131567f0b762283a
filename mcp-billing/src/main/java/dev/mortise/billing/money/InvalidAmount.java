package dev.mortise.billing.money;

/** A number that is no amount, or no rate: too many decimals, too large, or not a number at all. Nothing was booked. */
public final class InvalidAmount extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidAmount(String message) {
        super(message);
    }

    InvalidAmount(String message, Throwable cause) {
        super(message, cause);
    }
}
