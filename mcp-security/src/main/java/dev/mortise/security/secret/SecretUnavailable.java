package dev.mortise.security.secret;

/** A secret is missing, or could never be read. The message names it, and never holds a value. */
public final class SecretUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SecretUnavailable(String message, Throwable cause) {
        super(message, cause);
    }

    public SecretUnavailable(String message) {
        super(message);
    }
}
