package dev.mortise.mcp.internal.client.http;

import dev.mortise.mcp.client.McpException;
import dev.mortise.mcp.client.ProtocolViolationException;
import dev.mortise.mcp.client.TransportException;
import dev.mortise.mcp.internal.client.Inbox;
import dev.mortise.mcp.internal.client.Link;
import dev.mortise.mcp.internal.client.sse.ServerSentEvent;
import dev.mortise.mcp.internal.client.sse.SseReader;
import dev.mortise.mcp.internal.text.Excerpt;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.jsonrpc.MessageCodec;
import dev.mortise.mcp.jsonrpc.RequestId;
import dev.mortise.mcp.schema.CancelledNotificationParams;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * HTTP+SSE, the transport of 2024-11-05: one stream from the server, which begins with the URL that messages to it are
 * posted to.
 */
public final class SseLink implements Link {
    private static final Logger LOG = LoggerFactory.getLogger(SseLink.class);

    private final HttpSender sender;
    private final Inbox inbox;
    private final Flight stream = new Flight();
    private final Flights flights;
    private final CompletableFuture<URI> endpoint = new CompletableFuture<>();
    private volatile boolean closed;

    public SseLink(HttpSender sender, Inbox inbox) {
        this.sender = sender;
        this.inbox = inbox;
        this.flights = new Flights(inbox, sender.label());
        Thread.ofVirtual().name("mortise-client-sse").start(this::read);
    }

    /**
     * Waits for the server to say where to post to.
     *
     * @throws McpException if it does not, in time
     */
    public void awaitEndpoint(Duration limit) throws InterruptedException {
        try {
            endpoint.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof McpException known
                    ? known
                    : new TransportException(sender.label() + " has no stream", e.getCause());
        } catch (TimeoutException e) {
            throw new TransportException(
                    sender.label() + " opens a stream, but does not say within " + limit + " where to post to", e);
        }
    }

    private void read() {
        stream.on(Thread.currentThread());
        McpException why = new TransportException("The stream of " + sender.label() + " ended", null);
        try (HttpAnswer answer = sender.send(
                "GET", sender.uri(), Map.of("accept", "text/event-stream"), null, stream, HttpSender.NOBODY)) {
            if (!answer.isGood() || !answer.isEventStream()) {
                throw answer.isGood()
                        ? new ProtocolViolationException(sender.label() + " has no event stream")
                        : sender.refusal("GET", answer);
            }
            SseReader events = new SseReader(answer.body(), sender.limits().maxMessageBytes());
            Optional<ServerSentEvent> event = events.next();
            while (event.isPresent()) {
                received(event.get());
                event = events.next();
            }
        } catch (McpException e) {
            why = e;
        } catch (SseReader.TooLong e) {
            why = new ProtocolViolationException(sender.label() + " sent too much at once", e);
        } catch (IOException | InterruptedException | RuntimeException e) {
            why = new TransportException("The stream of " + sender.label() + " broke off: " + e.getMessage(), e);
        } finally {
            closed = true;
        }
        endpoint.completeExceptionally(why);
        inbox.lost(why);
    }

    private void received(ServerSentEvent event) {
        switch (event.type()) {
            case "endpoint" -> endpoint(new String(event.data(), StandardCharsets.UTF_8));
            case "message" -> {
                if (event.isMessage()) {
                    inbox.received(event.data(), null);
                }
            }
            default -> LOG.debug("Ignoring an event of type {}", Excerpt.of(event.type(), 50));
        }
    }

    /** Only at the same origin: messages, and credentials with them, go there. The first one counts. */
    private void endpoint(String text) {
        URI to;
        try {
            to = sender.uri().resolve(text.strip());
        } catch (IllegalArgumentException e) {
            throw new ProtocolViolationException("The endpoint that " + sender.label() + " names is no URL", e);
        }
        if (!HttpSender.isSameOrigin(sender.uri(), to)) {
            throw new ProtocolViolationException(sender.label() + " wants messages to be posted to another origin, "
                    + Excerpt.of(String.valueOf(to.getHost()), 100));
        }
        endpoint.complete(to);
    }

    @Override
    public void send(Message.Request request, Map<String, String> headers) {
        byte[] body = MessageCodec.encode(request);
        URI to = target();
        // The answer comes on the stream.
        flights.startOneWay(
                request.id(), flight -> post(to, body, request.method(), flight, flights.waiting(request.id())));
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
        try {
            post(target(), MessageCodec.encode(message), what, new Flight(), HttpSender.NOBODY);
        } catch (IOException e) {
            throw new TransportException("The exchange with " + sender.label() + " broke off", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TransportException("Interrupted while sending " + what, e);
        }
    }

    private void post(URI to, byte[] body, String what, Flight flight, HttpSender.Waiting waiting)
            throws IOException, InterruptedException {
        try (HttpAnswer answer = sender.send("POST", to, ModernHttpLink.POST_HEADERS, body, flight, waiting)) {
            if (!answer.isGood()) {
                throw sender.refusal(what, answer);
            }
        }
    }

    private URI target() {
        URI to = closed ? null : endpoint.getNow(null);
        if (to == null) {
            throw new TransportException("The stream of " + sender.label() + " is not open", null);
        }
        return to;
    }

    @Override
    public void cancel(RequestId request) {
        flights.end(request);
        Thread.ofVirtual().name("mortise-client-cancel").start(() -> {
            try {
                send(Message.Notification.of("notifications/cancelled", CancelledNotificationParams.of(request)));
            } catch (McpException | CancellationException e) {
                LOG.debug("A cancellation did not reach the server", e);
            }
        });
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
        stream.end();
        flights.endAll();
    }
}
