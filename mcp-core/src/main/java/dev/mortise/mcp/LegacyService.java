package dev.mortise.mcp;

import dev.mortise.mcp.internal.era.LegacyEndpoint;
import dev.mortise.mcp.internal.era.LegacyParts;
import dev.mortise.mcp.internal.session.SessionLimits;
import dev.mortise.mcp.internal.session.Sessions;
import dev.mortise.mcp.internal.session.StreamRules;
import dev.mortise.mcp.internal.session.Streams;
import dev.mortise.mcp.internal.session.TaskNews;
import dev.mortise.mcp.server.LegacyClients;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.mcp.store.InMemoryEventStore;
import dev.mortise.mcp.store.InMemorySessionStore;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How a server serves its legacy clients, composed. */
final class LegacyService {
    private static final int MAX_SESSIONS = 10_000;
    private static final int MAX_OWN_SESSIONS = 1_000;
    private static final int MAX_SESSION_EVENTS = 1_000;
    private static final long MAX_SESSION_EVENT_BYTES = 8L * 1024 * 1024;
    private static final long MAX_EVENT_BYTES = 64L * 1024 * 1024;
    private static final Duration PROBATION = Duration.ofMinutes(2);

    private LegacyService() {}

    /** @return {@code null} where they are not served */
    static @Nullable LegacyEndpoint endpoint(
            LegacyClients clients, LegacyParts parts, ServerEvents events, int maxListenStreams) {
        if (clients.service() == LegacyClients.Service.NONE) {
            return null;
        }
        SessionLimits limits =
                new SessionLimits(clients.idleTimeout(), PROBATION, clients.resumable(), maxListenStreams);
        StreamRules rules = new StreamRules(clients.silence(), clients.retry(), clients.pollInterval());
        Sessions sessions = new Sessions(
                clients.sessions()
                        .orElseGet(() -> new InMemorySessionStore(MAX_SESSIONS, MAX_OWN_SESSIONS, parts.clock())),
                clients.events()
                        .orElseGet(() ->
                                new InMemoryEventStore(MAX_SESSION_EVENTS, MAX_SESSION_EVENT_BYTES, MAX_EVENT_BYTES)),
                limits,
                rules,
                events,
                parts.clock());
        Streams streams = new Streams(
                sessions,
                parts.capabilities(),
                parts.methods()::mayRead,
                parts.tasks() == null ? TaskNews.NONE : parts.tasks());
        boolean overHttp = clients.service() == LegacyClients.Service.SESSIONS;
        return new LegacyEndpoint(parts, sessions, overHttp ? sessions : null, streams);
    }
}
