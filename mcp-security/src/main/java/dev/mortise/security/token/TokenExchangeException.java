package dev.mortise.security.token;

import org.jspecify.annotations.Nullable;

/** There is no token for another API. The message holds no secret, and is for the log. */
public final class TokenExchangeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Why not. */
    public enum Reason {
        /** The caller did not come with a token that is kept for this: see {@link TokenExchange#keeping}. */
        NO_TOKEN,
        /** The authorization server does not want to: another attempt would not help. */
        REFUSED,
        /** The authorization server did not answer, or not in a way that can be understood. */
        UNAVAILABLE
    }

    private final Reason reason;

    TokenExchangeException(Reason reason, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
