package dev.mortise.mcp.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Keeps the sessions of legacy clients (revisions up to 2025-11-25, transports: Session Management). Replicas that
 * serve the same clients share one. Thread-safe; it may block. What it throws ends the request that it was for.
 *
 * <p>A session is on probation from {@link #create} until its first {@link #touch}: whoever floods the server with
 * sessions never uses them, so a store bounds those apart, and must never give up one in use for one on probation.
 */
public interface SessionStore {
    /**
     * Takes a new session in, on probation. It may displace others that are on probation.
     *
     * @return false if there is no room
     */
    boolean create(StoredSession session);

    /** The session, unless it was deleted, displaced, or has expired. */
    Optional<StoredSession> find(String id);

    /**
     * Puts a new revision in the place of the one before; leaves expiry and probation as they are.
     *
     * @return false if the session is gone, or somebody else was faster and {@code next} is not the next revision
     */
    boolean replace(StoredSession next);

    /**
     * The session was used: keeps it until then, off probation from now on. It may displace other sessions of the
     * same group, those that were not used for longest.
     *
     * @return false if the session is gone, or there is no room
     */
    boolean touch(String id, Instant expires);

    /** Ends a session; nothing happens if there is none. */
    void delete(String id);

    /** Forgets what has expired. Called now and then, at most once a minute by each replica. */
    void sweep(Instant now);
}
