package dev.mortise.mcp.store;

import java.time.Instant;

/**
 * One legacy session as a {@link SessionStore} keeps it. A store looks at nothing but these fields.
 *
 * @param id unguessable; 22 visible ASCII characters
 * @param owner who may use the session: compared by the server, of no meaning to the store
 * @param group whose sessions are bounded together: the caller, or the address of an anonymous one
 * @param revision 1 for a new session, one more with each {@link SessionStore#replace}
 * @param content what the server wants to know again; a few hundred bytes, up to 64 KiB
 * @param expires after this the session is as good as deleted
 */
@SuppressWarnings("ArrayRecordComponent") // a store's row: nobody compares it
public record StoredSession(String id, String owner, String group, long revision, byte[] content, Instant expires) {
    /** The same session with another life. */
    public StoredSession until(Instant newExpiry) {
        return new StoredSession(id, owner, group, revision, content, newExpiry);
    }

    /** The next revision of this session. */
    public StoredSession next(byte[] newContent) {
        return new StoredSession(id, owner, group, revision + 1, newContent, expires);
    }
}
