package dev.mortise.mcp.internal.client.http;

import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.http.StandardHeaders;
import dev.mortise.mcp.internal.client.Inbox;
import dev.mortise.mcp.internal.client.Link;
import dev.mortise.mcp.internal.client.sse.ServerSentEvent;
import dev.mortise.mcp.internal.client.sse.SseReader;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.CancelledNotificationParams;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streamable HTTP from 2025-03-26 to 2025-11-25: a session, a stream for what the server says of its own accord, and
 * streams that can be taken up again where they broke off.
 */
public final class LegacyHttpLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(LegacyHttpLink.class);

    private static final String SESSION = "Mcp-Session-Id";
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration SHORTEST_RETRY = Duration.ofMillis(50);
    private static final Duration LONGEST_RETRY = Duration.ofSeconds(30);

    /** How often a stream is taken up again without bringing anything new. */
    private static final int MAX_IDLE_RESUMPTIONS = 10;

    private final HttpSender sender;
    private final Inbox inbox;
    private final Flights flights;
    private final Flight standing = new Flight();
    private volatile @Nullable String session;
    private volatile @Nullable String version;
    private volatile boolean closed;
    private final AtomicBoolean forgotten = new AtomicBoolean();

    public LegacyHttpLink(HttpSender sender, Inbox inbox) {
        this.sender = sender;
        this.inbox = inbox;
        this.flights = new Flights(inbox, sender.label());
    }

    /** From now on requests name the revision that was agreed on. */
    public void agreed(String revision) {
        version = revision;
    }

    /** From now on the server may speak of its own accord. */
    public void listen() {
        Thread.ofVirtual().name("mortise-client-stream").start(this::follow);
    }

    @Override
    public void send(Message.Request request, Map<String, String> headers) {
        if (closed) {
            throw new TransportException("The client was closed", null);
        }
        byte[] body = MessageCodec.encode(request);
        flights.start(request.id(), flight -> {
            try (HttpAnswer answer =
                    sender.send("POST", sender.uri(), post(), body, flight, flights.waiting(request.id()))) {
                receive(request, answer, flight);
            }
        });
    }

    private void receive(Message.Request request, HttpAnswer answer, Flight flight)
            throws IOException, InterruptedException {
        if (!answer.isGood()) {
            throw refusal(request.method(), answer, request.id());
        }
        if (request.method().equals("initialize")) {
            session = answer.header(SESSION).filter(LegacyHttpLink::isVisible).orElse(null);
        }
        if (answer.isEventStream()) {
            follow(request.id(), answer, flight);
        } else if (answer.isJson()) {
            inbox.received(answer.read(sender.limits().maxMessageBytes()), request.id());
            if (!inbox.isSettled(request.id())) {
                throw new ProtocolViolationException(
                        request.method() + " was answered with a message that is not its response");
            }
        } else {
            throw new ProtocolViolationException(request.method() + " was answered with status " + answer.status()
                    + " and neither JSON nor an event stream; is " + sender.label() + " an MCP endpoint?");
        }
    }

    /** Reads until the answer has come, taking the stream up again where it ends too early and gave ids to do so. */
    private void follow(RequestId id, HttpAnswer first, Flight flight) throws IOException, InterruptedException {
        HttpAnswer answer = first;
        String position = null;
        Duration pause = RETRY;
        int idle = 0;
        while (true) {
            SseReader events = new SseReader(answer.body(), sender.limits().maxMessageBytes());
            boolean any = false;
            try {
                any = pass(events, id);
                if (inbox.isSettled(id)) {
                    Flights.linger(flight, events);
                }
            } catch (SseReader.TooLong e) {
                throw e;
            } catch (IOException e) {
                LOG.debug("A stream broke off", e);
            } finally {
                answer.close();
            }
            if (inbox.isSettled(id)) {
                return;
            }
            position = events.lastId().orElse(position);
            idle = any ? 0 : idle + 1;
            if (position == null || flight.isEnded() || idle > MAX_IDLE_RESUMPTIONS) {
                return;
            }
            pause = pause(events, pause);
            Thread.sleep(pause);
            answer = sender.send("GET", sender.uri(), get(position), null, flight, flights.waiting(id));
            if (!answer.isGood() || !answer.isEventStream()) {
                try (HttpAnswer refused = answer) {
                    throw refusal("the rest of the answer", refused, null);
                }
            }
        }
    }

    /** Hands on what comes; whether anything did. */
    private boolean pass(SseReader events, @Nullable RequestId id) throws IOException {
        boolean any = false;
        while (id == null || !inbox.isSettled(id)) {
            Optional<ServerSentEvent> event = events.next();
            if (event.isEmpty()) {
                return any;
            }
            if (event.get().isMessage()) {
                any = true;
                inbox.received(event.get().data(), id);
            }
        }
        return any;
    }

    private static Duration pause(SseReader events, Duration otherwise) {
        Duration wanted = events.retryMillis().isPresent()
                ? Duration.ofMillis(events.retryMillis().getAsLong())
                : otherwise;
        Duration bounded = wanted.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : wanted;
        return bounded.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : bounded;
    }

    /** The stream that belongs to no request. A server need not have one. */
    private void follow() {
        standing.on(Thread.currentThread());
        String position = null;
        Duration pause = RETRY;
        boolean everOpen = false;
        try {
            while (!closed && !standing.isEnded()) {
                boolean any = false;
                try (HttpAnswer answer =
                        sender.send("GET", sender.uri(), get(position), null, standing, HttpSender.NOBODY)) {
                    // Some servers have no such route at all; that says nothing about the session.
                    if (answer.status() == 404 && everOpen) {
                        throw refusal("GET", answer, null);
                    }
                    if (answer.status() >= 500) {
                        throw new TransportException("No stream now", answer.status(), null);
                    }
                    if (!answer.isGood() || !answer.isEventStream()) {
                        LOG.debug("{} has no stream of its own: status {}", sender.label(), answer.status());
                        return;
                    }
                    everOpen = true;
                    SseReader events =
                            new SseReader(answer.body(), sender.limits().maxMessageBytes());
                    try {
                        any = pass(events, null);
                    } finally {
                        position = events.lastId().orElse(position);
                        pause = pause(events, any ? RETRY : pause.multipliedBy(2));
                    }
                } catch (IOException | TransportException e) {
                    LOG.debug("The stream of {} broke off", sender.label(), e);
                    pause = any ? RETRY : min(pause.multipliedBy(2));
                }
                if (forgotten.get()) {
                    return;
                }
                Thread.sleep(pause);
            }
        } catch (InterruptedException | CancellationException e) {
            LOG.debug("The stream of {} is closed", sender.label());
        } catch (McpException e) {
            LOG.warn("{} allows no stream of its own: {}", sender.label(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.warn("The stream of {} failed", sender.label(), e);
        }
    }

    private static Duration min(Duration pause) {
        return pause.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : pause;
    }

    /**
     * What a refusal means. One that is for an unknown session ends the session, but not what else is under way in it: each
     * request gets an answer of its own. Only what that answer says may be believed, because a request that was looked at
     * must not be sent again, and one that was not looked at must not be lost.
     *
     * @param id the request that was refused; {@code null} if what was refused was none
     */
    private McpException refusal(String method, HttpAnswer answer, @Nullable RequestId id) throws IOException {
        McpException why = sender.refusal(method, answer);
        if (answer.status() != 404 || session == null) {
            return why;
        }
        if (forgotten.compareAndSet(false, true)) {
            inbox.over(new TransportException("The server has forgotten the session", why));
            Thread.ofVirtual().name("mortise-client-forgotten").start(this::endSoon);
        }
        return id == null
                ? new TransportException("The server has forgotten the session", why)
                : new TransportException("The server has forgotten the session", 404, why);
    }

    /** What a server neither answers nor refuses, it may have done; that is known when its time is up. */
    private void endSoon() {
        try {
            flights.awaitIdle(sender.limits().connectTimeout());
        } catch (InterruptedException e) {
            LOG.debug("Nobody interrupts this", e);
        }
        inbox.lost(new TransportException("The server has forgotten the session", null));
        close();
    }

    @Override
    public void send(Message.Notification notification) {
        post(notification, notification.method());
    }

    @Override
    public void send(Message.Response response) {
        post(response, "a response");
    }

    private void post(Message message, String what) {
        flights.deliver(what, sender.limits().connectTimeout(), (flight, waiting) -> {
            try (HttpAnswer answer =
                    sender.send("POST", sender.uri(), post(), MessageCodec.encode(message), flight, waiting)) {
                if (!answer.isGood()) {
                    throw refusal(what, answer, null);
                }
            }
        });
    }

    @Override
    public void cancel(RequestId request) {
        flights.end(request);
        Thread.ofVirtual().name("mortise-client-cancel").start(() -> {
            try {
                send(Message.Notification.of("notifications/cancelled", CancelledNotificationParams.of(request)));
            } catch (McpException e) {
                LOG.debug("A cancellation did not reach the server", e);
            }
        });
    }

    private Map<String, String> post() {
        return identified(new LinkedHashMap<>(ModernHttpLink.POST_HEADERS));
    }

    private Map<String, String> get(@Nullable String position) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("accept", "text/event-stream");
        if (position != null && isVisible(position)) {
            headers.put("last-event-id", position);
        }
        return identified(headers);
    }

    private Map<String, String> identified(Map<String, String> headers) {
        String current = session;
        if (current != null) {
            headers.put(SESSION, current);
        }
        String agreed = version;
        if (agreed != null) {
            headers.put(StandardHeaders.PROTOCOL_VERSION, agreed);
        }
        return headers;
    }

    /** What a server gives to be sent back must fit into a header. */
    private static boolean isVisible(String text) {
        return !text.isEmpty() && text.length() <= 4096 && text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E);
    }

    @Override
    public boolean isOpen() {
        return !closed && !forgotten.get();
    }

    @Override
    public boolean isForgotten() {
        return forgotten.get();
    }

    /** Says goodbye, so that the server need not keep the session until it expires. */
    @Override
    public void close() {
        closed = true;
        standing.end();
        flights.endAll();
        if (session == null || forgotten.get()) {
            return;
        }
        Flight goodbye = new Flight();
        Thread sending = Thread.ofVirtual().name("mortise-client-goodbye").start(() -> {
            try {
                sender.send("DELETE", sender.uri(), identified(new LinkedHashMap<>()), null, goodbye, HttpSender.NOBODY)
                        .close();
            } catch (McpException | InterruptedException | CancellationException e) {
                LOG.debug("The goodbye did not reach the server", e);
            }
        });
        try {
            sending.join(sender.limits().closeTimeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        goodbye.end();
    }
}
