package dev.mortise.security.auth;

import dev.mortise.mcp.transport.HttpHead;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The endpoints of a server, of which each request is sent to one. A token is good for the endpoint that it names, and
 * for no other. Immutable.
 */
public final class ProtectedResources {
    private final List<ProtectedResource> all;
    private final Map<String, ProtectedResource> byAddress;
    private final Map<String, Integer> paths;

    private ProtectedResources(List<ProtectedResource> all) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("A server whose tokens are verified has at least one endpoint");
        }
        this.all = List.copyOf(all);
        this.byAddress = new HashMap<>();
        this.paths = new HashMap<>();
        for (ProtectedResource resource : all) {
            if (byAddress.put(address(resource.uri()), resource) != null) {
                throw new IllegalArgumentException("Named twice: " + resource.uri());
            }
            paths.merge(path(resource.uri()), 1, Integer::sum);
        }
    }

    public static ProtectedResources of(ProtectedResource... resources) {
        return new ProtectedResources(List.of(resources));
    }

    public static ProtectedResources of(List<ProtectedResource> resources) {
        return new ProtectedResources(resources);
    }

    public List<ProtectedResource> all() {
        return all;
    }

    /**
     * The endpoint that a request is sent to. Where there is only one it is that, whatever proxies made of the URI;
     * otherwise host, port and path decide, or the path where only one endpoint has it.
     */
    public Optional<ProtectedResource> of(HttpHead head) {
        if (all.size() == 1) {
            return Optional.of(all.getFirst());
        }
        URI uri = head.uri();
        ProtectedResource exact = byAddress.get(address(uri));
        if (exact != null) {
            return Optional.of(exact);
        }
        return paths.getOrDefault(path(uri), 0) == 1
                ? all.stream()
                        .filter(each -> path(each.uri()).equals(path(uri)))
                        .findFirst()
                : Optional.empty();
    }

    /** Without the scheme: TLS often ends before this server. A scheme's own port is no port. */
    private static String address(URI uri) {
        int port = uri.getPort() == 443 || uri.getPort() == 80 ? -1 : uri.getPort();
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        return host + (port < 0 ? "" : ":" + port) + path(uri);
    }

    private static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }
}
