package dev.mortise.mcp.store;

import java.time.Instant;
import java.util.List;

/**
 * Keeps what was sent to legacy clients for a while, so that they can ask for it again after a lost connection
 * (transports: Resumability and Redelivery), and what one replica has to tell another about a session. Replicas that
 * serve the same clients share one. Thread-safe; it may block, but it never waits for anything to happen.
 *
 * <p>A store bounds what it keeps for a session, by leaving out the oldest; the newest event of a session stays.
 */
public interface EventStore {
    /**
     * Appends an event.
     *
     * @param stream one of the session's streams, a short name
     * @param expires when it may be forgotten
     * @return its position
     */
    long append(String session, String stream, byte[] content, Instant expires);

    /** The events of a stream behind a position, the oldest first, at most so many. */
    List<StoredEvent> read(String session, String stream, long after, int limit);

    /** Forgets everything of a session. */
    void delete(String session);

    /** Forgets what has expired. Called now and then, at most once a minute by each replica. */
    void sweep(Instant now);

    /** Whether others than this process may append, so that it is worth looking for news. */
    default boolean isShared() {
        return true;
    }
}
