package dev.mortise.rag.store;

import org.jspecify.annotations.Nullable;

/** The store cannot do what was asked just now: the disk is full, the database away, the store closed. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
