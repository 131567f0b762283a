package dev.mortise.mcp.internal.era;

import dev.mortise.mcp.ProtocolVersion;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.StandardHeaders;
import dev.mortise.mcp.internal.session.LegacySession;
import dev.mortise.mcp.internal.session.SessionState;
import dev.mortise.mcp.internal.session.Sessions;
import dev.mortise.mcp.internal.session.Streams;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where the messages of legacy clients come in: it finds the session that a message belongs to, and with it the era
 * that its requests are answered in. Thread-safe.
 */
public final class LegacyEndpoint implements AutoCloseable {
    private static final List<String> VERSIONS = Stream.of(ProtocolVersion.values())
            .filter(ProtocolVersion::beginsWithInitialize)
            .map(ProtocolVersion::wire)
            .toList();

    /** Answers a request in an era, as a modern one is answered. */
    @FunctionalInterface
    public interface Answering {
        void answer(Era era, Exchange exchange, Caller caller, Message.Request request);
    }

    private record Handling(LegacyParts parts, LegacyEra era, Caller caller, Answering answering)
            implements Streams.Post {
        @Override
        public void handle(Message.Request request, Exchange exchange) {
            answering.answer(era, exchange, caller, request);
        }

        @Override
        public Reply refuse(Message.Request request, LegacySession.Admission why) {
            return why == LegacySession.Admission.FULL
                    ? overloaded(parts, request.id())
                    : LegacyRefusals.badRequest(request.id(), "A request with this id is in flight in this session");
        }
    }

    private final LegacyParts parts;
    private final @Nullable Sessions sessions;
    private final Streams streams;
    private final Sessions connections;

    /**
     * Clients over HTTP and over connections.
     *
     * @param connections the sessions of connections
     * @param sessions the sessions over HTTP, the same; {@code null} where there are none
     */
    public LegacyEndpoint(LegacyParts parts, Sessions connections, @Nullable Sessions sessions, Streams streams) {
        this.parts = parts;
        this.connections = connections;
        this.sessions = sessions;
        this.streams = streams;
    }

    /** Whether a request that names no version belongs here; what does not is for the modern era to refuse. */
    boolean takes(Exchange exchange, Message.Request request) {
        boolean begins = request.method().equals(Initialization.METHOD);
        HttpHead head = sessionless(exchange);
        if (head != null) {
            if (saysItIsModern(head)) {
                return false;
            }
            return begins
                    || sessions == null
                    || head.header(StandardHeaders.PROTOCOL_VERSION).isPresent()
                    || sessionId(head).isPresent();
        }
        Optional<Channel> channel = exchange.channel();
        return channel.isPresent()
                && (begins
                        || request.method().equals("ping")
                        || connections.of(channel.get()).isPresent());
    }

    /** The head of a request that has to name its session; {@code null} where a connection is the session. */
    private static @Nullable HttpHead sessionless(Exchange exchange) {
        return exchange.origin() instanceof HttpHead head && exchange.channel().isEmpty() ? head : null;
    }

    /** Whether this caller may use the connection that a message came over, if it came over one. */
    public boolean mayUse(Exchange exchange, Caller caller) {
        return exchange.channel()
                .map(channel -> connections.isOwner(channel, caller))
                .orElse(true);
    }

    /** A client opens a connection over HTTP (revision 2024-11-05, transports: HTTP with SSE). */
    public void connect(Exchange exchange, Channel channel, Caller caller) {
        connections.own(channel, caller);
        exchange.reply(Reply.accepted());
    }

    private static Optional<String> sessionId(HttpHead head) {
        return head.header(Initialization.SESSION_ID);
    }

    public void request(Exchange exchange, Caller caller, Message.Request request, Answering answering)
            throws IOException {
        HttpHead head = sessionless(exchange);
        if (head != null) {
            overHttp(exchange, head, caller, request, answering);
            return;
        }
        Channel channel = exchange.channel().orElseThrow();
        if (request.method().equals(Initialization.METHOD)) {
            Initialization era = new Initialization(parts, true, state -> begin(caller, channel, state));
            answering.answer(era, exchange, caller, request);
            return;
        }
        Era era = connections
                .of(channel)
                .map(session -> LegacyEra.of(parts, session))
                .orElseGet(() -> new LegacyEra(parts, ProtocolVersion.ASSUMED, null));
        answering.answer(era, exchange, caller, request);
    }

    private Optional<String> begin(Caller caller, Channel channel, SessionState state) {
        LegacySession session = connections.create(caller, channel, state);
        streams.feed(session, channel);
        return Optional.of("");
    }

    private void overHttp(Exchange exchange, HttpHead head, Caller caller, Message.Request request, Answering answering)
            throws IOException {
        Optional<Reply> objection = objection(head, request.id());
        if (objection.isPresent()) {
            exchange.reply(objection.get());
        } else if (request.method().equals(Initialization.METHOD)) {
            Initialization era = new Initialization(
                    parts,
                    sessions != null,
                    state -> sessions == null ? Optional.of("") : sessions.create(caller, head, state));
            answering.answer(era, exchange, caller, request);
        } else if (sessions == null) {
            answering.answer(
                    new LegacyEra(parts, stated(head), null), BatchEntry.undisturbed(exchange), caller, request);
        } else {
            Optional<LegacySession> session = session(sessions, exchange, head, caller, request.id());
            if (session.isPresent()) {
                LegacyEra era = LegacyEra.of(parts, session.get());
                streams.answer(
                        session.get(),
                        exchange,
                        List.of(request),
                        List.of(),
                        false,
                        era.version().supportsPolling(),
                        new Handling(parts, era, caller, answering));
            }
        }
    }

    /** A header that names no legacy revision (transports: Protocol Version Header). */
    private Optional<Reply> objection(HttpHead head, @Nullable RequestId id) {
        String version = head.header(StandardHeaders.PROTOCOL_VERSION).orElse(null);
        return version == null || VERSIONS.contains(version)
                ? Optional.empty()
                : Optional.of(parts.refusals()
                        .reply(id, new Refusal.UnsupportedVersion(version, VERSIONS), ProtocolVersion.NEWEST_LEGACY));
    }

    /** Refuses what says that it is of no revision, or of one that has no sessions and names one all the same. */
    private boolean objects(Exchange exchange, @Nullable HttpHead head) {
        if (head == null || (sessionId(head).isEmpty() && saysItIsModern(head))) {
            return false;
        }
        Optional<Reply> objection = objection(head, null);
        objection.ifPresent(exchange::reply);
        return objection.isPresent();
    }

    private static ProtocolVersion stated(HttpHead head) {
        return head.header(StandardHeaders.PROTOCOL_VERSION)
                .flatMap(ProtocolVersion::of)
                .orElse(ProtocolVersion.ASSUMED);
    }

    /** The session that a message belongs to; without one it is answered here. */
    private Optional<LegacySession> session(
            Sessions sessions, Exchange exchange, HttpHead head, Caller caller, @Nullable RequestId id) {
        Optional<String> given = sessionId(head);
        if (given.isEmpty()) {
            exchange.reply(LegacyRefusals.badRequest(
                    id, Initialization.SESSION_ID + " is missing; a session begins with initialize"));
            return Optional.empty();
        }
        return switch (sessions.find(given.get(), caller)) {
            case Sessions.Found.Session found -> Optional.of(found.session());
            case Sessions.Found.Lost lost -> {
                exchange.reply(LegacyRefusals.lost(id));
                yield Optional.empty();
            }
            case Sessions.Found.Full full -> {
                exchange.reply(overloaded(parts, id));
                yield Optional.empty();
            }
        };
    }

    private static Reply overloaded(LegacyParts parts, @Nullable RequestId id) {
        return parts.refusals().reply(id, new Refusal.Overloaded(Duration.ofSeconds(5)), ProtocolVersion.NEWEST_LEGACY);
    }

    /** A notification that names no session is taken, and nothing comes of it, as in the modern era. */
    public void notification(Exchange exchange, Caller caller, Message.Notification notification) {
        Optional<LegacySession> session = Optional.empty();
        HttpHead head = sessionless(exchange);
        if (objects(exchange, head)) {
            return;
        }
        if (head != null) {
            if (sessions != null && sessionId(head).isPresent()) {
                session = session(sessions, exchange, head, caller, null);
                if (session.isEmpty()) {
                    return;
                }
            }
        } else {
            session = exchange.channel().flatMap(connections::of);
        }
        session.ifPresent(found -> noted(found, notification));
        exchange.reply(Reply.accepted());
    }

    private static void noted(LegacySession session, Message.Notification notification) {
        switch (notification.method()) {
            case "notifications/cancelled" -> {
                if (notification.params() != null) {
                    RequestId.from(notification.params().path("requestId")).ifPresent(session::cancel);
                }
            }
            case "notifications/initialized" -> {
                if (!session.state().initialized()) {
                    session.update(SessionState::withInitialized);
                }
            }
            // Progress of what was asked, and changes of roots: whoever wants to know asks again.
            default -> {}
        }
    }

    /** The client answers something that it was asked; false if it was asked nothing. */
    public boolean response(Exchange exchange, Caller caller, Message.Response response) {
        Optional<LegacySession> session;
        HttpHead head = sessionless(exchange);
        if (objects(exchange, head)) {
            return true;
        }
        if (head != null) {
            if (sessions == null || sessionId(head).isEmpty()) {
                return false;
            }
            session = session(sessions, exchange, head, caller, null);
            if (session.isEmpty()) {
                return true;
            }
        } else {
            session = exchange.channel().flatMap(connections::of);
        }
        session.ifPresent(found -> {
            found.answered(response);
            exchange.reply(Reply.accepted());
        });
        return session.isPresent();
    }

    /** Takes several messages at once; false where the client's revision has no such thing. */
    public boolean batch(Exchange exchange, Caller caller, Batch batch, Answering answering) throws IOException {
        LegacySession session = null;
        ProtocolVersion version;
        HttpHead head = sessionless(exchange);
        if (objects(exchange, head)) {
            return true;
        }
        if (head != null && sessions != null) {
            if (sessionId(head).isEmpty()) {
                return false;
            }
            session = session(sessions, exchange, head, caller, null).orElse(null);
            if (session == null) {
                return true;
            }
            version = LegacyEra.of(parts, session).version();
        } else if (head != null) {
            version = stated(head);
        } else {
            session = exchange.channel().flatMap(connections::of).orElse(null);
            version = session == null
                    ? ProtocolVersion.NEWEST_LEGACY
                    : LegacyEra.of(parts, session).version();
        }
        if (!version.supportsBatching()) {
            return false;
        }
        if (session != null) {
            LegacySession known = session;
            batch.notifications().forEach(notification -> noted(known, notification));
            batch.responses().forEach(known::answered);
        }
        LegacyEra era = new LegacyEra(parts, version, session);
        Streams.Post handler = new Handling(parts, era, caller, answering);
        if (batch.isSilent()) {
            exchange.reply(Reply.accepted());
        } else if (session != null && session.isStored()) {
            streams.answer(session, exchange, batch.requests(), batch.malformed(), true, false, handler);
        } else {
            batch.answer(exchange, exchange.channel().isPresent(), session, handler);
        }
        return true;
    }

    /** Whether GET and DELETE are of any use: there are sessions, and the client does not say that it is modern. */
    public boolean hasSessions(HttpHead head) {
        return sessions != null && !saysItIsModern(head);
    }

    private static boolean saysItIsModern(HttpHead head) {
        return head.header(StandardHeaders.PROTOCOL_VERSION)
                .flatMap(ProtocolVersion::of)
                .filter(known -> !known.beginsWithInitialize())
                .isPresent();
    }

    /** A client listens, or takes a stream up again. */
    public void get(Exchange exchange, HttpHead head, Caller caller) throws IOException {
        if (!exchange.acceptsEvents()) {
            exchange.reply(new Reply(
                    LegacyRefusals.badRequest(null, "Accept must name text/event-stream")
                            .message(),
                    406,
                    Map.of()));
            return;
        }
        if (objects(exchange, head)) {
            return;
        }
        Sessions known = Objects.requireNonNull(sessions);
        Optional<LegacySession> session = session(known, exchange, head, caller, null);
        if (session.isPresent()) {
            boolean marks = LegacyEra.of(parts, session.get()).version().supportsPolling();
            Optional<String> from = head.header("Last-Event-ID").filter(id -> !id.isBlank());
            if (!streams.get(sessionId(head).orElseThrow(), session.get(), exchange, from, marks)) {
                exchange.reply(LegacyRefusals.badRequest(null, "There is no such event, or not any more"));
            }
        }
    }

    /** A client ends its session. */
    public void delete(Exchange exchange, HttpHead head, Caller caller) {
        if (objects(exchange, head)) {
            return;
        }
        Sessions known = Objects.requireNonNull(sessions);
        if (session(known, exchange, head, caller, null).isPresent()) {
            known.delete(sessionId(head).orElseThrow());
            exchange.reply(Reply.silence());
        }
    }

    /** How many sessions this process has to do with. */
    public int sessionCount() {
        return connections.size();
    }

    /** How many streams are open that clients have asked for. */
    public int streams() {
        return streams.size();
    }

    /** Ends the sessions of some callers. */
    public void disconnect(Predicate<Caller> whose) {
        for (Sessions some : all()) {
            some.end(whose);
        }
    }

    /** Ends what waits for clients. */
    @Override
    public void close() {
        all().forEach(Sessions::close);
    }

    private Set<Sessions> all() {
        return sessions == null || sessions == connections ? Set.of(connections) : Set.of(sessions, connections);
    }
}
