package dev.mortise.mcp.transport;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The head of an HTTP request: everything before its body. Valid only while the request is being handled. Header
 * names are case-insensitive (RFC 9110 section 5.1).
 */
public non-sealed interface HttpHead extends Origin {
    String method();

    /**
     * What follows the question mark, as it was sent; for routes. MCP itself has no use for it, and a credential in it is
     * none (Authorization: Token Requirements).
     */
    default Optional<String> query() {
        return Optional.empty();
    }

    /** The absolute URI of the endpoint as its clients know it: scheme, authority and path. */
    URI uri();

    /** Every field line with this name, in order; empty where there is none. */
    List<String> headers(String name);

    /** The first field line with this name. */
    default Optional<String> header(String name) {
        List<String> values = headers(name);
        return values.isEmpty() ? Optional.empty() : Optional.of(values.get(0));
    }

    /** The address of the client, after trusted proxies were taken into account. */
    String remoteAddress();

    /** The certificate chain that the client presented in the TLS handshake, its own first. */
    default List<X509Certificate> peerCertificates() {
        return List.of();
    }
}
