package dev.mortise.mcp.store;

/**
 * A store does not answer, or answers with an error: it is down, restarting, out of space, out of time, or was never
 * migrated. Whether the operation took place is unknown. Later operations recover by themselves once the store does.
 *
 * <p>A call that meets it is refused with 503 and {@code Retry-After}. The message names what failed, never what was
 * stored; it goes to the log and not to the peer.
 */
public final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreUnavailable(String message) {
        super(message);
    }

    public StoreUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
