package dev.mortise.mcp.http;

import dev.mortise.mcp.transport.HttpHead;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/**
 * A small HTTP handler beside the MCP endpoint: a metadata document, a webhook, a health probe. The checks of
 * {@code Host} and {@code Origin}, the bound on bodies and the fields of every response are those of the endpoint.
 * Handlers are called by many threads at once.
 *
 * @param method {@code GET}, which answers {@code HEAD} too, {@code POST} or another method in upper case
 * @param path absolute, below the context of the application that mounts it: {@code /health/live}
 * @param anyHost whether requests are served under any host name, as health probes by address need
 */
public record HttpRoute(String method, String path, boolean anyHost, Handler handler) {
    private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

    public HttpRoute {
        if (!METHODS.contains(method)) {
            throw new IllegalArgumentException("A route serves one of " + METHODS + ", not " + method);
        }
        if (!path.startsWith("/") || path.contains("*") || path.contains("?")) {
            throw new IllegalArgumentException("A path starts with / and holds no wildcard or query, not: " + path);
        }
    }

    public static HttpRoute get(String path, Handler handler) {
        return new HttpRoute("GET", path, false, handler);
    }

    public static HttpRoute post(String path, Handler handler) {
        return new HttpRoute("POST", path, false, handler);
    }

    /** The same route for requests to any host name. Only for what a stranger's web page may read. */
    public HttpRoute onAnyHost() {
        return new HttpRoute(method, path, true, handler);
    }

    /** Answers a request. May block: it has a virtual thread of its own. */
    @FunctionalInterface
    public interface Handler {
        Response handle(Request request);
    }

    /** A request with its whole body, which is empty where there is none. The array belongs to the handler. */
    @SuppressWarnings("ArrayRecordComponent")
    public record Request(HttpHead head, byte[] body) {}

    /**
     * A response.
     *
     * @param contentType the media type of the body
     * @param body handed over to the binding
     */
    @SuppressWarnings("ArrayRecordComponent")
    public record Response(int status, String contentType, byte[] body, Map<String, String> headers) {
        public Response {
            headers = Map.copyOf(headers);
        }

        public static Response json(int status, byte[] body) {
            return new Response(status, "application/json", body, Map.of());
        }

        public static Response text(int status, String text) {
            return new Response(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), Map.of());
        }
    }
}
