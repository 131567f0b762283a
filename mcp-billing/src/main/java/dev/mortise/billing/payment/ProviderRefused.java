package dev.mortise.billing.payment;

import org.jspecify.annotations.Nullable;

/** A definite no, which sending it again would not change: nothing took place. */
public final class ProviderRefused extends ProviderException {
    private static final long serialVersionUID = 1L;

    private final String code;

    /** @param code the provider's own word for it, such as {@code card_declined} */
    public ProviderRefused(String code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ProviderRefused(String code, String message) {
        this(code, message, null);
    }

    public String code() {
        return code;
    }
}
