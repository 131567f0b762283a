package dev.mortise.security.standing;

/**
 * Something that replicas have to know of soon.
 *
 * @param position grows with each change; in the order of the commits
 * @param id of what has changed: a key's id, a person's {@linkplain dev.mortise.mcp.call.Caller#identity() identity}, a
 *     credential's id
 */
public record Change(long position, Kind kind, String id) {
    /** What has changed. */
    public enum Kind {
        KEY,
        USER,
        /** A token was revoked. */
        CREDENTIAL,
        /** The grants of a person. */
        GRANT
    }
}
