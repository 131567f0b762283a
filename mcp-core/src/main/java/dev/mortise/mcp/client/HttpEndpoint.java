package dev.mortise.mcp.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server at a URL. Immutable.
 *
 * @param uri {@code http} or {@code https}, absolute, without user information
 * @param sseOnly whether it is known to speak the HTTP+SSE transport of 2024-11-05 and nothing else
 * @param authorization gives requests their credential
 * @param headers further header fields of every request, such as an API key; never sent to another origin
 * @param httpClient sends the requests; {@code null} for one of the client's own. It must not follow redirects
 */
public record HttpEndpoint(
        URI uri,
        boolean sseOnly,
        HttpAuthorization authorization,
        Map<String, String> headers,
        @Nullable HttpClient httpClient)
        implements ServerEndpoint {
    /** The protocol's own, and those that the HTTP client keeps to itself. */
    private static final Set<String> OURS = Set.of(
            "accept",
            "content-type",
            "content-length",
            "host",
            "connection",
            "last-event-id",
            "mcp-protocol-version",
            "mcp-session-id",
            "mcp-method",
            "mcp-name");

    public HttpEndpoint {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (!(scheme.equals("http") || scheme.equals("https")) || uri.getHost() == null) {
            throw new IllegalArgumentException("A server's URL is absolute and begins with http:// or https://");
        }
        if (uri.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "Credentials do not belong into a URL, which ends up in logs: use headers or authorization");
        }
        for (String name : headers.keySet()) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (OURS.contains(lower) || lower.startsWith("mcp-param-")) {
                throw new IllegalArgumentException("The client sets the header " + name + " by itself");
            }
        }
        if (httpClient != null && httpClient.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "The HTTP client must not follow redirects: they could carry credentials to another origin");
        }
        headers = Map.copyOf(headers);
    }

    /** The server at this URL, whichever revision and transport it turns out to speak. */
    public static HttpEndpoint of(URI uri) {
        return new HttpEndpoint(uri, false, HttpAuthorization.none(), Map.of(), null);
    }

    public HttpEndpoint sseOnly(boolean only) {
        return new HttpEndpoint(uri, only, authorization, headers, httpClient);
    }

    public HttpEndpoint authorization(HttpAuthorization credentials) {
        return new HttpEndpoint(uri, sseOnly, credentials, headers, httpClient);
    }

    public HttpEndpoint header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpEndpoint(uri, sseOnly, authorization, more, httpClient);
    }

    public HttpEndpoint httpClient(HttpClient client) {
        return new HttpEndpoint(uri, sseOnly, authorization, headers, client);
    }

    /** Without the query, which may hold a key. */
    @Override
    public String label() {
        return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
    }

    /** Not the headers: they may be secret. */
    @Override
    public String toString() {
        return "HttpEndpoint[" + label() + "]";
    }
}
