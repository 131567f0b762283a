package dev.mortise.security.crypto;

import org.jspecify.annotations.Nullable;

/** What wraps keys does not answer. It says nothing about the values: later they can be opened. */
public final class KeyEncryptionUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KeyEncryptionUnavailable(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
