package dev.mortise.mcp.http;

import dev.mortise.mcp.jsonrpc.JsonRpcError;
import dev.mortise.mcp.jsonrpc.Message;
import dev.mortise.mcp.transport.Exchange;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Streamable HTTP transport, without a container: who may call, what a request must look
 * like, and how a reply becomes a stream. The module {@code mcp-transport-servlet} adapts it to servlet containers.
 *
 * <p>Thread-safe. {@link #serve} blocks and belongs on a virtual thread.
 */
public final class StreamableHttp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamableHttp.class);

    /** GET and DELETE are for the sessions of earlier revisions. */
    private static final String METHODS = "DELETE, GET, OPTIONS, POST";

    static final Reply INTERNAL_ERROR =
            Reply.of(new Message.Failure(null, JsonRpcError.of(JsonRpcError.INTERNAL_ERROR, "Internal error")), 500);

    private final Consumer<Exchange> endpoint;
    private final HttpOptions options;
    private final Routes routes;
    private final Gate gate;
    private final Pulse pulse;

    StreamableHttp(Consumer<Exchange> endpoint, HttpOptions options, List<HttpRoute> routes, LongSupplier nanos) {
        this.endpoint = endpoint;
        this.options = options;
        this.routes = new Routes(routes, options);
        this.gate = new Gate(options);
        this.pulse = new Pulse(nanos);
    }

    /**
     * Binds an endpoint, such as {@code server::handle}, and starts the clock of its streams.
     *
     * @param endpoint takes each exchange, blocking; it may return before it replies
     */
    public static StreamableHttp of(Consumer<Exchange> endpoint, HttpOptions options, List<HttpRoute> routes) {
        StreamableHttp http = new StreamableHttp(endpoint, options, routes, System::nanoTime);
        http.pulse.start(options.shortestSpan());
        return http;
    }

    public static StreamableHttp of(Consumer<Exchange> endpoint, HttpOptions options) {
        return of(endpoint, options, List.of());
    }

    /** The paths of the routes, for {@link #serveRoute}. */
    public Set<String> routePaths() {
        return routes.paths();
    }

    /** Serves a request to the MCP endpoint, and returns when nothing more will be read or written for it. */
    public void serve(HttpRequest request, HttpResponse response) {
        Body body = new Body(request, pulse);
        HttpWriter writer = new HttpWriter(response);
        Sighting sighting = Sighting.begin(options.observer(), pulse, request.head(), HttpObserver.ENDPOINT);
        try {
            serve(request, body, writer);
            sighting.end(writer);
            body.discard();
        } catch (IOException e) {
            LOG.debug("A request could not be answered", e);
        } catch (RuntimeException e) {
            LOG.error("A request could not be handled", e);
            writer.failure(body);
        } finally {
            sighting.end(writer);
        }
    }

    private void serve(HttpRequest request, Body body, HttpWriter writer) throws IOException {
        HttpHead head = head(request);
        Optional<Rejection> rejection = atTheDoor(head, false);
        if (rejection.isEmpty()) {
            head.header("Origin").ifPresent(writer::allowOrigin);
            switch (head.method()) {
                case "POST" -> {
                    post(request, head, body, writer);
                    return;
                }
                case "GET", "DELETE" -> {
                    // The endpoint knows whether it has sessions, and whose they are.
                    Accept accept = Accept.of(head.headers("Accept"));
                    run(new HttpExchange(head, accept, body, writer, options, pulse), request);
                    return;
                }
                case "OPTIONS" -> {
                    preflight(head, METHODS, writer);
                    return;
                }
                default -> rejection = Optional.of(methodNotAllowed(METHODS));
            }
        }
        writer.rejection(rejection.get(), body);
    }

    private void post(HttpRequest request, HttpHead head, Body body, HttpWriter writer) throws IOException {
        Accept accept = Accept.of(head.headers("Accept"));
        Optional<Rejection> rejection = PostRules.objection(request, head, accept, options.maxBodyBytes());
        if (rejection.isPresent()) {
            writer.rejection(rejection.get(), body);
        } else {
            run(new HttpExchange(head, accept, body, writer, options, pulse), request);
        }
    }

    private void run(HttpExchange exchange, HttpRequest request) {
        pulse.add(exchange);
        try {
            request.onDisconnect(exchange::giveUp);
            endpoint.accept(exchange);
        } catch (RuntimeException | Error e) {
            LOG.error("The endpoint failed", e);
            exchange.reply(INTERNAL_ERROR);
            if (e instanceof VirtualMachineError) {
                throw e;
            }
        } finally {
            exchange.awaitEnd();
            pulse.remove(exchange);
        }
    }

    /** Serves a request to one of {@link #routePaths}, and returns when nothing more will be written for it. */
    public void serveRoute(String path, HttpRequest request, HttpResponse response) {
        Body body = new Body(request, pulse);
        HttpWriter writer = new HttpWriter(response);
        Sighting sighting = Sighting.begin(options.observer(), pulse, request.head(), path);
        try {
            HttpHead head = head(request);
            Optional<Rejection> rejection = atTheDoor(head, routes.isForAnyHost(path, head.method()));
            if (rejection.isPresent()) {
                writer.rejection(rejection.get(), body);
            } else {
                head.header("Origin").ifPresent(writer::allowOrigin);
                if (head.method().equals("OPTIONS")) {
                    preflight(head, routes.allowedMethods(path), writer);
                } else {
                    routes.serve(path, head, body, writer);
                }
            }
            sighting.end(writer);
            body.discard();
        } catch (IOException e) {
            LOG.debug("A request could not be answered", e);
        } catch (RuntimeException e) {
            LOG.error("A request could not be handled", e);
            writer.failure(body);
        } finally {
            sighting.end(writer);
        }
    }

    /**
     * Turns new requests away with 503, lets running ones finish within the grace period of the options, and then
     * treats the clients of the rest as gone. A server that owes its listeners a last word says it before.
     */
    @Override
    public void close() {
        pulse.close(options.shutdownGrace());
    }

    private Optional<Rejection> atTheDoor(HttpHead head, boolean anyHost) {
        if (pulse.isClosed()) {
            return Optional.of(Rejection.closing(503, "The server is shutting down"));
        }
        return anyHost ? gate.originObjection(head) : gate.objection(head);
    }

    private HttpHead head(HttpRequest request) {
        HttpHead head = request.head();
        return options.publicUri()
                .<HttpHead>map(uri -> new PublicHead(head, uri))
                .orElse(head);
    }

    private static void preflight(HttpHead head, String allowed, HttpWriter writer) {
        writer.preflight(allowed, head.header("Access-Control-Request-Headers").orElse(null));
    }

    static Rejection methodNotAllowed(String allowed) {
        return Rejection.of(405, "This method is not allowed here").with("Allow", allowed);
    }

    /** For tests, which own the clock. */
    Pulse pulse() {
        return pulse;
    }
}
