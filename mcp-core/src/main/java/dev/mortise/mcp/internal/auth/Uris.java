package dev.mortise.mcp.internal.auth;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What authorization asks of URIs beyond what {@link URI} has. */
final class Uris {
    private static final Set<String> LOOPBACK_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");

    private Uris() {}

    /** Empty where the text is no URI. */
    static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Scheme and authority, in the form in which they can be compared and in which the specification writes them. */
    static String origin(URI uri) {
        String scheme = lower(uri.getScheme());
        int port = uri.getPort();
        boolean usual = port == -1 || (port == 443 && scheme.equals("https")) || (port == 80 && scheme.equals("http"));
        return scheme + "://" + lower(uri.getHost()) + (usual ? "" : ":" + port);
    }

    static boolean sameOrigin(URI one, URI other) {
        return isAbsolute(one) && isAbsolute(other) && origin(one).equals(origin(other));
    }

    /** The URI of a server as its resource identifier (basic/authorization: Canonical Server URI). */
    static String canonical(URI server) {
        String path = path(server);
        return origin(server) + (path.equals("/") ? "" : path);
    }

    /** The raw path, one slash where there is none. */
    static String path(URI uri) {
        String path = uri.getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    static URI withoutQuery(URI uri) {
        return isAbsolute(uri) ? URI.create(origin(uri) + path(uri)) : uri;
    }

    /** A document beside the root of the host, for a path of it (RFC 8615, RFC 8414 section 3.1, RFC 9728 section 3.1). */
    static URI wellKnown(URI uri, String name) {
        String path = path(uri);
        return URI.create(origin(uri) + "/.well-known/" + name + withoutTrailingSlash(path));
    }

    static String withoutTrailingSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    static boolean isAbsolute(URI uri) {
        return uri.getScheme() != null && uri.getHost() != null;
    }

    /** Whether the host is this machine by its name, not by what a name server says. */
    static boolean isLoopback(URI uri) {
        return uri.getHost() != null && LOOPBACK_NAMES.contains(lower(uri.getHost()));
    }

    /** Parameters as {@code application/x-www-form-urlencoded}. */
    static String form(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
