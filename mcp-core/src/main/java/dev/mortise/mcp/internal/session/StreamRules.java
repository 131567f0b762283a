package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.transport.StreamEvent;
import java.time.Duration;

/**
 * How streams behave.
 *
 * @param silence after this a reply that has not come becomes a stream, so that it can be resumed
 * @param retry how long a client shall wait before it resumes
 * @param poll how often to look for what other replicas have written
 */
public record StreamRules(Duration silence, Duration retry, Duration poll) {
    private static final byte[] NOTHING = {};

    /** An event as it goes over the wire; a mark also says when to come back (SEP-1699). */
    StreamEvent event(EventId id, EventLog.Logged logged) {
        return new StreamEvent(id.toString(), logged.kind() == EventLog.Kind.MARK ? retry : null, logged.json());
    }

    /** The last thing on a connection that is let go. */
    StreamEvent comeBack() {
        return new StreamEvent(null, retry, NOTHING);
    }
}
