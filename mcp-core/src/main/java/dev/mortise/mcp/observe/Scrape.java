package dev.mortise.mcp.observe;

import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.transport.HttpHead;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Routes that give metrics to Prometheus. They tell much about a server and its use, so each says who may read it;
 * everybody else finds nothing there.
 *
 * <pre>{@code builder.route(Scrape.fromThisMachine("/metrics", registry::scrape))}</pre>
 */
public final class Scrape {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
    private static final String SCHEME = "Bearer ";
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.%]+");
    private static final int SHORTEST_TOKEN = 16;

    private Scrape() {}

    /**
     * For a Prometheus, or an agent, on this machine: requests from loopback addresses. Behind a proxy on this machine
     * that does not say whom it forwards, that is everybody; use a token there.
     *
     * @param metrics the Prometheus text format, such as {@code registry::scrape}
     */
    public static HttpRoute fromThisMachine(String path, Supplier<String> metrics) {
        return route(path, metrics, head -> isLoopback(head.remoteAddress()));
    }

    /**
     * For whoever has the token: {@code authorization: {credentials: …}} in Prometheus' scrape configuration. Under
     * any host name, because Prometheus finds its targets by address.
     *
     * @throws IllegalArgumentException if the token has less than 16 characters
     */
    public static HttpRoute withToken(String path, Supplier<String> metrics, String token) {
        if (token.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException(
                    "A token for metrics has at least " + SHORTEST_TOKEN + " characters, not " + token.length());
        }
        byte[] expected = (SCHEME + token).getBytes(StandardCharsets.UTF_8);
        return route(path, metrics, head -> {
                    byte[] given = head.header("Authorization").orElse("").getBytes(StandardCharsets.UTF_8);
                    return MessageDigest.isEqual(expected, given);
                })
                .onAnyHost();
    }

    /** For everybody who reaches the port, under any host name: where a network policy decides who does. */
    public static HttpRoute fromAnywhere(String path, Supplier<String> metrics) {
        return route(path, metrics, head -> true).onAnyHost();
    }

    private static HttpRoute route(String path, Supplier<String> metrics, Predicate<HttpHead> allowed) {
        return HttpRoute.get(path, request -> {
            if (!allowed.test(request.head())) {
                return HttpRoute.Response.text(404, "Not found");
            }
            return new HttpRoute.Response(200, TEXT, metrics.get().getBytes(StandardCharsets.UTF_8), Map.of());
        });
    }

    /** Never asks a name server: what is no literal address is not from here. */
    private static boolean isLoopback(String address) {
        try {
            return ADDRESS.matcher(address).matches()
                    && InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
