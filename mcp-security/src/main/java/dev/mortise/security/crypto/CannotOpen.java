package dev.mortise.security.crypto;

/**
 * A sealed value that cannot be opened here: it was changed, moved from another place, sealed with a key that is unknown
 * or was shredded, or never sealed at all. It does not say which of these: that would help whoever tries.
 */
public final class CannotOpen extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CannotOpen() {
        super("The sealed value cannot be opened");
    }
}
