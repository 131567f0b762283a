package dev.mortise.security.auth;

import dev.mortise.mcp.call.Attribute;
import java.net.URI;
import java.util.Collection;
import java.util.TreeSet;

/**
 * The identity of an endpoint as its tokens and its metadata name it (RFC 8707 section 2, RFC 9728 section 1.2).
 *
 * @param uri the canonical URI: absolute, lower-case scheme and host, no query, no fragment, no slash at its end unless
 *     that is the whole path
 */
public record ProtectedResource(URI uri) {
    /** On callers of a server with several endpoints: the one that the request was sent to. */
    public static final Attribute<ProtectedResource> ATTRIBUTE =
            Attribute.of("dev.mortise.security.auth.resource", ProtectedResource.class);

    static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

    public ProtectedResource {
        String scheme = uri.getScheme();
        if (!"https".equals(scheme) && !"http".equals(scheme)) {
            throw new IllegalArgumentException("A canonical URI begins with https:// (or http://), not: " + uri);
        }
        if (uri.getHost() == null || !uri.getHost().equals(uri.getHost().toLowerCase(java.util.Locale.ROOT))) {
            throw new IllegalArgumentException("A canonical URI has a host in lower case, not: " + uri);
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException("A canonical URI has no query, fragment or user, not: " + uri);
        }
        if (uri.getRawPath().length() > 1 && uri.getRawPath().endsWith("/")) {
            throw new IllegalArgumentException("A canonical URI does not end with a slash, not: " + uri);
        }
    }

    public static ProtectedResource of(String uri) {
        return new ProtectedResource(URI.create(uri));
    }

    /** Whether an audience of a token means this endpoint: character by character, the slash of a bare host apart. */
    public boolean isMeantBy(String audience) {
        String own = uri.toString();
        if (audience.equals(own)) {
            return true;
        }
        return switch (uri.getRawPath()) {
            case "" -> audience.equals(own + "/");
            case "/" -> audience.equals(own.substring(0, own.length() - 1));
            default -> false;
        };
    }

    /** Where its metadata is: the well-known part goes between host and path (RFC 9728 section 3.1). */
    public URI metadata() {
        return URI.create(uri.getScheme() + "://" + uri.getRawAuthority() + metadataPath());
    }

    /** The path of {@link #metadata()}. */
    public String metadataPath() {
        String path = uri.getRawPath();
        return WELL_KNOWN + (path.equals("/") ? "" : path);
    }

    /**
     * The {@code WWW-Authenticate} value of a 403 (RFC 6750 section 3.1; Authorization: Runtime Insufficient Scope).
     *
     * @param scopes all that the operation needs
     */
    public String insufficientScope(Collection<String> scopes) {
        return "Bearer error=\"insufficient_scope\", scope=\"" + String.join(" ", new TreeSet<>(scopes))
                + "\", resource_metadata=\"" + metadata() + "\"";
    }
}
