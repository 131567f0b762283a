package dev.mortise.mcp.transport;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One server-sent event of a stream that can be resumed (revisions up to 2025-11-25, transports: Resumability).
 *
 * @param id where the stream goes on from; {@code null} with a sign of life, which is no event
 * @param retry how long the client shall wait before it comes back, if it is told here
 * @param data one line of JSON; empty to tell nothing but the id
 */
@SuppressWarnings("ArrayRecordComponent") // passed on and written, never compared
public record StreamEvent(@Nullable String id, @Nullable Duration retry, byte[] data) {
    /** Begins a stream that has nothing to say yet. */
    public static final StreamEvent SIGN_OF_LIFE = new StreamEvent(null, null, new byte[0]);
}
