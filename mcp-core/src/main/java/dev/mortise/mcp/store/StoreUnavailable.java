package dev.mortise.mcp.store;

/**
 * A store does not answer, or answers with an error: it is down, restarting, out of space, out of time, or was never
 * migrated. Whether the operation took place is unknown. Later operations recover by themselves once the store does.
 *
 * <p>A call that meets it is refused with 503 and {@code Retry-After}. The message names what failed, never what was
 * stored; it goes to the log and not to the peer, which gets to read {@link #dependency} only.
 */
public final class StoreUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final String STORAGE = "Storage";

    private final String dependency;

    public StoreUnavailable(String message) {
        super(message);
        this.dependency = STORAGE;
    }

    public StoreUnavailable(String message, Throwable cause) {
        this(STORAGE, message, cause);
    }

    /** @param dependency what is not available, in words for the peer: a public name, never a path or an address */
    public StoreUnavailable(String dependency, String message, Throwable cause) {
        super(message, cause);
        this.dependency = dependency;
    }

    /** What the peer is told is unavailable; {@code Storage} unless it was named. */
    public String dependency() {
        return dependency;
    }
}
