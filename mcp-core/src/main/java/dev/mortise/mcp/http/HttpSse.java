package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The transport of revision 2024-11-05 (transports: HTTP with SSE), without a container: a client opens a stream with
 * GET, is told by its first event where to send messages, and gets every answer on the stream. The checks of
 * {@code Host} and {@code Origin}, the bound on bodies and the heartbeats are those of {@link StreamableHttp}, which
 * stands at a path of its own beside it.
 *
 * <p>A stream is a connection of one process: behind a proxy with several replicas, all requests below one path of a
 * connection have to reach the replica that opened it. Thread-safe. {@link #serve} blocks and belongs on a virtual
 * thread.
 */
public final class HttpSse implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpSse.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 16;
    private static final String ON_STREAMS = "GET, OPTIONS";
    private static final String ON_MESSAGES = "OPTIONS, POST";

    /** The most connections at once, unless another number is given. */
    public static final int MAX_CONNECTIONS = 1_000;

    private final Consumer<Exchange> endpoint;
    private final HttpOptions options;
    private final int maxConnections;
    private final Gate gate;
    private final Pulse pulse;
    private final Map<String, SseChannel> channels = new ConcurrentHashMap<>();

    HttpSse(Consumer<Exchange> endpoint, HttpOptions options, int maxConnections, LongSupplier nanos) {
        this.endpoint = endpoint;
        this.options = options;
        this.maxConnections = maxConnections;
        this.gate = new Gate(options);
        this.pulse = new Pulse(nanos);
    }

    /**
     * Binds an endpoint, such as {@code server::handle}, and starts the clock of its streams.
     *
     * @param endpoint takes each exchange, blocking, on a virtual thread
     * @param maxConnections how many clients may be connected at once; others get 503
     */
    public static HttpSse of(Consumer<Exchange> endpoint, HttpOptions options, int maxConnections) {
        if (maxConnections < 1) {
            throw new IllegalArgumentException("maxConnections must be at least 1, but is " + maxConnections);
        }
        HttpSse http = new HttpSse(endpoint, options, maxConnections, System::nanoTime);
        http.pulse.start(options.shortestSpan());
        return http;
    }

    public static HttpSse of(Consumer<Exchange> endpoint, HttpOptions options) {
        return of(endpoint, options, MAX_CONNECTIONS);
    }

    /**
     * Serves a request, and returns when nothing more will be read or written for it.
     *
     * @param connection what follows the endpoint's path and a slash; {@code null} where nothing does
     */
    public void serve(HttpRequest request, HttpResponse response, @Nullable String connection) {
        Body body = new Body(request, pulse);
        HttpWriter writer = new HttpWriter(response);
        try {
            Optional<Rejection> rejection = serve(request, connection, body, writer);
            if (rejection.isPresent()) {
                writer.rejection(rejection.get(), body);
            }
            body.discard();
        } catch (IOException e) {
            LOG.debug("A request could not be answered", e);
        } catch (RuntimeException e) {
            LOG.error("A request could not be handled", e);
            writer.failure(body);
        }
    }

    private Optional<Rejection> serve(HttpRequest request, @Nullable String connection, Body body, HttpWriter writer)
            throws IOException {
        HttpHead received = request.head();
        HttpHead head = options.publicUri()
                .<HttpHead>map(uri -> new PublicHead(received, uri))
                .orElse(received);
        if (pulse.isClosed()) {
            return Optional.of(Rejection.closing(503, "The server is shutting down"));
        }
        Optional<Rejection> objection = gate.objection(head);
        if (objection.isPresent()) {
            return objection;
        }
        head.header("Origin").ifPresent(writer::allowOrigin);
        String allowed = connection == null ? ON_STREAMS : ON_MESSAGES;
        if (head.method().equals("OPTIONS")) {
            writer.preflight(
                    allowed, head.header("Access-Control-Request-Headers").orElse(null));
            return Optional.empty();
        }
        if (connection == null && head.method().equals("GET")) {
            return open(request, head, body, writer);
        }
        if (connection != null && head.method().equals("POST")) {
            return take(request, head, connection, body, writer);
        }
        return Optional.of(StreamableHttp.methodNotAllowed(allowed));
    }

    private Optional<Rejection> open(HttpRequest request, HttpHead head, Body body, HttpWriter writer) {
        if (!Accept.of(head.headers("Accept")).events()) {
            return Optional.of(Rejection.of(406, "Accept must name text/event-stream"));
        }
        if (channels.size() >= maxConnections) {
            return Optional.of(
                    Rejection.of(503, "Too many clients are connected").with("Retry-After", "5"));
        }
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        String id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        SseChannel channel = new SseChannel(head.uri().getRawPath() + "/" + id, writer, body, options, pulse);
        SseOpening opening = new SseOpening(head, channel);
        channels.put(id, channel);
        pulse.add(channel);
        try {
            request.onDisconnect(channel::giveUp);
            endpoint.accept(opening);
            opening.settle();
            channel.awaitEnd();
        } finally {
            channels.remove(id);
            pulse.remove(channel);
            channel.close();
        }
        return Optional.empty();
    }

    /** The answer to a POST says only that it was taken, so the message is handled on a thread of its own. */
    private Optional<Rejection> take(
            HttpRequest request, HttpHead head, String connection, Body body, HttpWriter writer) throws IOException {
        SseChannel channel = channels.get(connection);
        if (channel == null) {
            return Optional.of(Rejection.of(404, "There is no such connection, or not any more"));
        }
        Optional<Rejection> objection =
                PostRules.objection(request, head, Accept.of(head.headers("Accept")), options.maxBodyBytes());
        if (objection.isPresent()) {
            return objection;
        }
        SseMessage message = new SseMessage(head, channel, body, options);
        Thread.ofVirtual().name("mortise-sse-call").start(() -> {
            try {
                endpoint.accept(message);
            } catch (RuntimeException | Error e) {
                LOG.error("The endpoint failed", e);
                message.failed();
            } finally {
                message.handled();
            }
        });
        message.awaitAnswer().write(writer, body);
        return Optional.empty();
    }

    /** How many clients are connected. */
    public int connections() {
        return channels.size();
    }

    /** Turns new requests away with 503, and closes the connections. A server that has calls running is closed before. */
    @Override
    public void close() {
        channels.values().forEach(SseChannel::close);
        pulse.close(options.shutdownGrace());
    }

    /** For tests, which own the clock. */
    Pulse pulse() {
        return pulse;
    }
}
