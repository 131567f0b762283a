package dev.mortise.billing.money;

/** Two currencies where there must be one, or a currency that is not supported. Nothing was booked. */
public final class WrongCurrency extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public WrongCurrency(String message) {
        super(message);
    }
}
