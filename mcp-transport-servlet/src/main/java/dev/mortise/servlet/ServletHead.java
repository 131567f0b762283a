package dev.mortise.servlet;

import dev.mortise.mcp.transport.HttpHead;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
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

    /** A key of each name. Most names that are asked for are not there, and that shows without a look at any name. */
    private int[] keys = new int[16];

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
            int key = key(name);
            for (Enumeration<String> values = request.getHeaders(name); values.hasMoreElements(); ) {
                add(key, name, values.nextElement());
            }
        }
    }

    private void add(int key, String name, String value) {
        int index = fields.size() / 2;
        if (index == keys.length) {
            keys = Arrays.copyOf(keys, 2 * index);
        }
        keys[index] = key;
        fields.add(name);
        fields.add(value);
    }

    /** The same for names that differ in case only, and seldom the same for others. */
    private static int key(String name) {
        int length = name.length();
        // Setting this bit makes letters of ASCII small, and field names have no others.
        return length == 0 ? 0 : length << 16 | (name.charAt(0) | 0x20) << 8 | (name.charAt(length - 1) | 0x20);
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
        int key = key(name);
        int count = fields.size() / 2;
        for (int i = 0; i < count; i++) {
            if (keys[i] == key && fields.get(2 * i).equalsIgnoreCase(name)) {
                String value = fields.get(2 * i + 1);
                if (values.isEmpty()) {
                    values = List.of(value);
                } else {
                    values = new ArrayList<>(values);
                    values.add(value);
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
