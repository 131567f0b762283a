package dev.mortise.mcp.internal.session;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.NotificationParams;
import dev.mortise.mcp.schema.ResourceUpdatedNotificationParams;
import dev.mortise.mcp.schema.ServerCapabilities;
import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.transport.Channel;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.Reply;
import dev.mortise.mcp.transport.StreamEvent;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams that go to the clients of sessions: the replies to what they post, and what they are told unasked. */
public final class Streams {
    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration CREDENTIAL_CHECK = Duration.ofSeconds(1);

    /** One message, or a batch, that came in a POST of a session. */
    public interface Post {
        /** Handles one of its requests; replies to the exchange in the end. */
        void handle(Message.Request request, Exchange exchange);

        /** The reply to a request that may not begin. */
        Reply refuse(Message.Request request, LegacySession.Admission why);
    }

    private final Sessions sessions;
    private final ServerCapabilities capabilities;
    private final BiPredicate<Caller, String> mayRead;
    private final TaskNews taskNews;
    private final AtomicInteger open = new AtomicInteger();

    /** @param mayRead whether a caller may know of what happens at a URI */
    public Streams(
            Sessions sessions,
            ServerCapabilities capabilities,
            BiPredicate<Caller, String> mayRead,
            TaskNews taskNews) {
        this.taskNews = taskNews;
        this.sessions = sessions;
        this.capabilities = capabilities;
        this.mayRead = mayRead;
    }

    /**
     * Answers the requests of one POST, each on a thread of its own, because they outlive the connection; returns when
     * the connection has no more to do with them.
     *
     * @param malformed what else was in the batch, answered already
     * @param polled whether the revision lets the server close connections in between
     */
    public void answer(
            LegacySession session,
            Exchange post,
            List<Message.Request> requests,
            List<Message.Failure> malformed,
            boolean batch,
            boolean polled,
            Post handler)
            throws IOException {
        EventLog log = session.log();
        if (log == null) {
            throw new IllegalStateException("A connection needs no streams");
        }
        EventStream stream = EventStream.of(
                randomId(),
                log,
                session.rules(),
                polled,
                post.acceptsEvents(),
                requests.size() + malformed.size(),
                batch);
        session.add(stream);
        malformed.forEach(failure -> stream.answer(Reply.of(failure)));
        for (Message.Request request : requests) {
            StreamExchange exchange = new StreamExchange(post.origin(), stream, session, request.id());
            LegacySession.Admission admission = exchange.begin();
            if (admission != LegacySession.Admission.ADMITTED) {
                stream.answer(handler.refuse(request, admission));
                continue;
            }
            Thread.ofVirtual().name("mortise-legacy-call").start(() -> {
                try {
                    handler.handle(request, exchange);
                } finally {
                    exchange.handled();
                    if (stream.isOver()) {
                        session.remove(stream);
                    }
                }
            });
        }
        try {
            stream.serve(post);
        } finally {
            if (stream.isOver()) {
                session.remove(stream);
            }
        }
    }

    /**
     * Serves a GET: a stream that is taken up again, or what the client is told unasked.
     *
     * @param lastEventId as the client sent it
     * @param marks whether the revision knows empty events
     * @return false if there is no such event
     */
    public boolean get(
            String sessionId, LegacySession session, Exchange get, Optional<String> lastEventId, boolean marks)
            throws IOException {
        EventLog log = session.log();
        Optional<EventId> from = lastEventId.flatMap(EventId::parse);
        if (log == null || from.isPresent() != lastEventId.isPresent()) {
            return false;
        }
        if (open.incrementAndGet() > sessions.maxStreams()) {
            open.decrementAndGet();
            get.reply(full());
            return true;
        }
        try {
            if (!session.admitGet()) {
                get.reply(full());
                return true;
            }
            try {
                if (from.isEmpty() || from.get().stream().equals(EventLog.LIVE)) {
                    live(
                            sessionId,
                            session,
                            get,
                            log,
                            from.map(EventId::position).orElse(null),
                            marks);
                    return true;
                }
                return resume(sessionId, session, get, log, from.get());
            } finally {
                session.endGet();
            }
        } finally {
            open.decrementAndGet();
        }
    }

    private static Reply full() {
        return new Reply(null, 503, Map.of("Retry-After", "5"));
    }

    /** How many streams are open that clients have asked for. */
    public int size() {
        return open.get();
    }

    private boolean resume(String sessionId, LegacySession session, Exchange get, EventLog log, EventId from)
            throws IOException {
        EventStream here = session.stream(from.stream());
        if (here != null && !here.isElsewhere()) {
            if (from.position() > here.last()) {
                return false;
            }
        } else {
            List<EventLog.Logged> rest = log.read(from.stream(), from.position() - 1);
            if (rest.isEmpty()) {
                return false;
            }
            if (rest.get(0).position() == from.position() && rest.get(0).kind().isEnd()) {
                get.reply(Reply.silence());
                return true;
            }
        }
        // Known to the session, so that its end is the stream's.
        EventStream stream = session.take(
                here != null
                        ? here
                        : EventStream.elsewhere(from.stream(), log, session.rules(), new Vigil(sessionId, session)),
                get);
        try {
            stream.resume(get, from.position());
        } finally {
            session.release(stream, get);
        }
        return true;
    }

    /** Looks whether a stream of another replica may go on, and keeps its session meanwhile. */
    private final class Vigil implements BooleanSupplier {
        private final String sessionId;
        private final LegacySession session;
        private final AtomicInteger looks = new AtomicInteger();
        private volatile Instant kept = sessions.clock().instant();

        Vigil(String sessionId, LegacySession session) {
            this.sessionId = sessionId;
            this.session = session;
        }

        @Override
        public boolean getAsBoolean() {
            if (session.hasEnded() || expired(session)) {
                return false;
            }
            Instant now = sessions.clock().instant();
            boolean there = true;
            if (now.isAfter(kept.plus(sessions.keepInterval()))) {
                kept = now;
                there = sessions.keep(sessionId);
            } else if (looks.incrementAndGet() % LegacySession.POLLS_PER_LOOK == 0) {
                there = session.isThere();
            }
            if (!there) {
                session.end();
            }
            return there;
        }
    }

    private void live(
            String sessionId, LegacySession session, Exchange get, EventLog log, @Nullable Long from, boolean marks)
            throws IOException {
        Feed feed = session.feed();
        session.listen(sessions.changes());
        if (!feed.attach(get)) {
            get.reply(Reply.silence());
            return;
        }
        get.onGone(() -> feed.detach(get));
        try {
            if (from != null) {
                get.deliver(StreamEvent.SIGN_OF_LIFE);
                replay(session, get, log, from);
            } else {
                get.deliver(
                        marks
                                ? event(session, log.mark(EventLog.LIVE), EventLog.Kind.MARK, new byte[0])
                                : StreamEvent.SIGN_OF_LIFE);
            }
            Instant kept = sessions.clock().instant();
            while (feed.isReader(get) && !expired(session)) {
                ServerEvent change = feed.take(get, patience(session));
                Instant now = sessions.clock().instant();
                boolean news =
                        (change instanceof ServerEvent.ResourceUpdated || change instanceof ServerEvent.PageCompleted)
                                && log.isShared();
                if (now.isAfter(kept.plus(news ? Duration.ofSeconds(1) : sessions.keepInterval()))) {
                    kept = now;
                    if (!sessions.keep(sessionId)) {
                        session.end();
                        break;
                    }
                }
                if (change != null) {
                    tell(session, get, log, change);
                }
            }
        } finally {
            feed.detach(get);
        }
        get.reply(Reply.silence());
    }

    /** How long nothing may happen before somebody has to look whether the stream may still be there. */
    private Duration patience(LegacySession session) {
        return session.caller().expiresAt().isPresent() ? CREDENTIAL_CHECK : sessions.keepInterval();
    }

    private boolean expired(LegacySession session) {
        Instant end = session.caller().expiresAt().orElse(null);
        return end != null && !sessions.clock().instant().isBefore(end);
    }

    private void replay(LegacySession session, Exchange get, EventLog log, long from) throws IOException {
        long after = from;
        for (var news = log.read(EventLog.LIVE, after); !news.isEmpty(); news = log.read(EventLog.LIVE, after)) {
            for (EventLog.Logged event : news) {
                after = event.position();
                get.deliver(event(session, after, event.kind(), event.json()));
            }
        }
    }

    /** Into the log first: what is lost on the way can be asked for again. */
    private void tell(LegacySession session, Exchange get, EventLog log, ServerEvent change) throws IOException {
        for (Message.Notification notification : notifications(session, change)) {
            byte[] json = MessageCodec.encode(notification);
            get.deliver(event(session, log.message(EventLog.LIVE, json), EventLog.Kind.MESSAGE, json));
        }
    }

    private static StreamEvent event(LegacySession session, long position, EventLog.Kind kind, byte[] json) {
        return session.rules().event(new EventId(EventLog.LIVE, position), new EventLog.Logged(position, kind, json));
    }

    /** Tells a connection what changes, until it is closed. */
    public void feed(LegacySession session, Channel channel) {
        Feed feed = session.feed();
        feed.attach(channel);
        Thread.ofVirtual().name("mortise-legacy-feed").start(() -> {
            try {
                while (feed.isReader(channel)) {
                    ServerEvent change = feed.take(channel, Duration.ofMinutes(1));
                    if (change != null) {
                        for (Message.Notification notification : notifications(session, change)) {
                            channel.send(notification);
                        }
                    }
                }
            } catch (IOException e) {
                LOG.debug("A connection is closed", e);
            }
        });
    }

    private List<Message.Notification> notifications(LegacySession session, ServerEvent change) {
        return switch (change) {
            case ServerEvent.ToolsChanged tools -> listChanged(capabilities.tools(), "tools");
            case ServerEvent.PromptsChanged prompts -> listChanged(capabilities.prompts(), "prompts");
            case ServerEvent.ResourcesChanged resources -> listChanged(capabilities.resources(), "resources");
            case ServerEvent.ResourceUpdated updated ->
                session.state().subscriptions().contains(updated.uri()) && mayRead.test(session.caller(), updated.uri())
                        ? List.of(Message.Notification.of(
                                "notifications/resources/updated", ResourceUpdatedNotificationParams.of(updated.uri())))
                        : List.of();
            case ServerEvent.PageCompleted completed -> completed(session, completed.page());
            // The session has turned it into all that may have been missed.
            case ServerEvent.Missed missed -> List.of();
            // The session has kept what is in it, if it is for its caller.
            case ServerEvent.ForTenant addressed -> List.of();
            case ServerEvent.TopicChanged topic ->
                taskNews.tell(session, topic).map(List::of).orElse(List.of());
        };
    }

    /** Once for each question that has sent the user there (2025-11-25, elicitation: Completion Notifications). */
    private static List<Message.Notification> completed(LegacySession session, String page) {
        List<SessionState.Page> done = session.state().pages().stream()
                .filter(open -> open.digest().equals(page))
                .toList();
        if (done.isEmpty() || !session.update(state -> state.withoutPage(page))) {
            return List.of();
        }
        return done.stream()
                .map(open -> Message.Notification.of(
                        "notifications/elicitation/complete", Json.object().put("elicitationId", open.elicitation())))
                .toList();
    }

    private static List<Message.Notification> listChanged(@Nullable Object capability, String what) {
        return capability == null
                ? List.of()
                : List.of(Message.Notification.of(
                        "notifications/" + what + "/list_changed", NotificationParams.of(Meta.EMPTY)));
    }

    private static String randomId() {
        byte[] bytes = new byte[9];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
