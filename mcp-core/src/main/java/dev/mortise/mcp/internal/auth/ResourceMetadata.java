package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.internal.text.Excerpt;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What a server says about how it is protected (RFC 9728 section 2).
 *
 * @param dpop whether it says that it takes tokens that are bound to a key
 */
record ResourceMetadata(String resource, List<String> servers, Optional<List<String>> scopes, boolean dpop) {
    private static final int SHOWN = 200;

    /**
     * @param from where the document was found
     * @param server the URI of the server that it should be about
     */
    static ResourceMetadata of(Document document, URI from, URI server) throws AuthorizationException {
        String resource = document.text("resource")
                .orElseThrow(() -> new AuthorizationException(
                        Reason.DISCOVERY, "The resource metadata at " + from + " names no resource"));
        if (!isAbout(resource, from, server)) {
            throw new AuthorizationException(
                    Reason.RESOURCE_MISMATCH,
                    "The resource metadata of " + server + " is about another resource: "
                            + Excerpt.of(resource, SHOWN));
        }
        List<String> servers = document.texts("authorization_servers").orElse(List.of());
        if (servers.isEmpty()) {
            throw new AuthorizationException(
                    Reason.DISCOVERY, "The resource metadata of " + server + " names no authorization server");
        }
        boolean dpop = document.isTrue("dpop_bound_access_tokens_required")
                || document.texts("dpop_signing_alg_values_supported").isPresent();
        return new ResourceMetadata(resource, servers, document.texts("scopes_supported"), dpop);
    }

    /**
     * Whether it is the server itself; or what the server is a part of, if the document stands where that resource has
     * its document. The second is for the document at the root of a host (RFC 9728 section 3.3): elsewhere, one tenant
     * of a host could ask for tokens that the whole host takes.
     */
    private static boolean isAbout(String resource, URI from, URI server) {
        URI named = Uris.parse(resource).orElse(null);
        if (named == null || named.getRawFragment() != null || !Uris.sameOrigin(named, server)) {
            return false;
        }
        if (named.getRawQuery() != null) {
            return false;
        }
        String path = Uris.withoutTrailingSlash(Uris.path(named));
        String own = Uris.withoutTrailingSlash(Uris.path(server));
        if (path.equals(own)) {
            return true;
        }
        return own.startsWith(path + "/") && from.equals(Uris.wellKnown(named, Discovery.RESOURCE_DOCUMENT));
    }
}
