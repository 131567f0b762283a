package dev.mortise.billing.payment;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * No answer, or one that says "later": a broken connection, a time-out, 429, 5xx. Whether it took place is unknown; the
 * same operation is sent again with the same key.
 */
public final class ProviderUnavailable extends ProviderException {
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param retryAfter how long the provider wants to be left alone; zero if it did not say */
    public ProviderUnavailable(String message, Duration retryAfter, @Nullable Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    public ProviderUnavailable(String message, @Nullable Throwable cause) {
        this(message, Duration.ZERO, cause);
    }

    /** How long the provider wants to be left alone; zero if it did not say. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
