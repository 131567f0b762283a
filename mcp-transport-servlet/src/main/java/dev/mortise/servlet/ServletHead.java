package dev.mortise.servlet;

import dev.mortise.mcp.transport.HttpHead;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request, copied: containers use their request objects again while a handler, whose client is gone, may
 * still look at its own.
 */
final class ServletHead implements HttpHead {
    private static final String CERTIFICATES = "jakarta.servlet.request.X509Certificate";

    private final String method;
    private final String scheme;
    private final String host;
    private final int port;
    private final String path;
    private final @Nullable String query;
    private final String remoteAddress;
    private final List<X509Certificate> peerCertificates;

    /** Names and values in turn. A request has few fields, so looking through them beats any map. */
    private final List<String> fields = new ArrayList<>(32);

    ServletHead(HttpServletRequest request) {
        method = request.getMethod();
        scheme = request.getScheme();
        host = request.getServerName();
        port = request.getServerPort();
        path = request.getContextPath() + request.getServletPath();
        query = request.getQueryString();
        remoteAddress = request.getRemoteAddr();
        peerCertificates =
                request.getAttribute(CERTIFICATES) instanceof X509Certificate[] chain ? List.of(chain) : List.of();
        for (Enumeration<String> names = request.getHeaderNames(); names.hasMoreElements(); ) {
            String name = names.nextElement();
            for (Enumeration<String> values = request.getHeaders(name); values.hasMoreElements(); ) {
                fields.add(name);
                fields.add(values.nextElement());
            }
        }
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public Optional<String> query() {
        return Optional.ofNullable(query);
    }

    @Override
    public URI uri() {
        boolean ownPort = (port == 80 && scheme.equals("http")) || (port == 443 && scheme.equals("https"));
        String authority = ownPort || port <= 0 ? host : host + ":" + port;
        try {
            return new URI(scheme, authority, path, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The request's own URI is not one", e);
        }
    }

    @Override
    public List<String> headers(String name) {
        List<String> values = List.of();
        for (int i = 0; i < fields.size(); i += 2) {
            String candidate = fields.get(i);
            if (candidate.length() == name.length() && candidate.equalsIgnoreCase(name)) {
                if (values.isEmpty()) {
                    values = List.of(fields.get(i + 1));
                } else {
                    values = new ArrayList<>(values);
                    values.add(fields.get(i + 1));
                }
            }
        }
        return values;
    }

    @Override
    public String remoteAddress() {
        return remoteAddress;
    }

    @Override
    public List<X509Certificate> peerCertificates() {
        return peerCertificates;
    }
}
