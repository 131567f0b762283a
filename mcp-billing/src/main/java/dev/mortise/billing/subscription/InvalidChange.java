package dev.mortise.billing.subscription;

/** What was asked of a subscription does not go with how it stands. Nothing was changed. */
public final class InvalidChange extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    public InvalidChange(String message) {
        super(message);
    }
}
