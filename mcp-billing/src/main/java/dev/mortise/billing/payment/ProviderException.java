package dev.mortise.billing.payment;

/** A payment provider did not do what it was asked. The message is for operators; it holds no secrets. */
public abstract sealed class ProviderException extends RuntimeException permits ProviderUnavailable, ProviderRefused {
    private static final long serialVersionUID = 1L;

    ProviderException(String message, @org.jspecify.annotations.Nullable Throwable cause) {
        super(message, cause);
    }
}
