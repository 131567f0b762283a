package dev.mortise.mcp.internal.auth;

import dev.mortise.mcp.client.auth.AuthorizationException;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.internal.text.Excerpt;
import java.io.IOException;
import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out who lets clients into a server (basic/authorization: Authorization Server Discovery), and what revision
 * 2025-03-26 had instead. Every document has to be about what it was asked about.
 */
record Discovery(Fetcher fetcher) {
    static final String RESOURCE_DOCUMENT = "oauth-protected-resource";
    private static final String SERVER_DOCUMENT = "oauth-authorization-server";
    private static final String OPENID_DOCUMENT = "openid-configuration";
    private static final int SHOWN = 200;

    /**
     * What was found.
     *
     * @param resource the identifier of the server, as tokens for it are asked for
     * @param scopes what the server says it has
     * @param dpop whether the server showed that it takes tokens that are bound to a key
     */
    record Found(String resource, Optional<List<String>> scopes, boolean dpop, ServerMetadata server) {}

    /**
     * @param server the URI of the MCP server
     * @param challenge what it asked for a token with
     * @param issuer the authorization server to take where the MCP server names several
     */
    Found find(URI server, Optional<Challenge> challenge, Optional<String> issuer) throws IOException {
        boolean dpop = challenge.filter(each -> each.scheme().equals("dpop")).isPresent();
        Optional<ResourceMetadata> resource =
                resource(server, challenge.flatMap(c -> c.parameter("resource_metadata")));
        if (resource.isEmpty()) {
            return new Found(Uris.canonical(server), Optional.empty(), dpop, withoutResource(server));
        }
        ResourceMetadata metadata = resource.get();
        String chosen = issuer.filter(metadata.servers()::contains)
                .orElse(metadata.servers().get(0));
        return new Found(metadata.resource(), metadata.scopes(), dpop || metadata.dpop(), server(chosen, server));
    }

    private Optional<ResourceMetadata> resource(URI server, Optional<String> named) throws IOException {
        if (named.isPresent()) {
            URI url = Uris.parse(named.get())
                    .orElseThrow(() -> new AuthorizationException(
                            Reason.DISCOVERY,
                            "The challenge of " + server + " names no URL as its resource_metadata: "
                                    + Excerpt.of(named.get(), SHOWN)));
            return Optional.of(document(url, server)
                    .map(found -> new Located(found, url))
                    .orElseThrow(() -> new AuthorizationException(
                            Reason.DISCOVERY, "There is no resource metadata where " + server + " says: " + url))
                    .resource(server));
        }
        Set<URI> places = new LinkedHashSet<>();
        places.add(Uris.wellKnown(server, RESOURCE_DOCUMENT));
        places.add(Uris.wellKnown(URI.create(Uris.origin(server)), RESOURCE_DOCUMENT));
        for (URI place : places) {
            Optional<Document> found = document(place, server);
            if (found.isPresent()) {
                return Optional.of(ResourceMetadata.of(found.get(), place, server));
            }
        }
        return Optional.empty();
    }

    private record Located(Document document, URI url) {
        ResourceMetadata resource(URI server) throws AuthorizationException {
            return ResourceMetadata.of(document, url, server);
        }
    }

    /** A server of revision 2025-03-26 is its own authorization server. */
    private ServerMetadata withoutResource(URI server) throws IOException {
        String origin = Uris.origin(server);
        for (String name : List.of(SERVER_DOCUMENT, OPENID_DOCUMENT)) {
            Optional<Document> found = document(Uris.wellKnown(URI.create(origin), name), server);
            if (found.isPresent()) {
                // Nobody named the issuer, so that both ways to write an origin are the identifier asked for.
                String issuer = found.get().text("issuer").orElse("");
                return checked(found.get(), issuer.equals(origin + "/") ? issuer : origin);
            }
        }
        return ServerMetadata.byDefault(origin);
    }

    /** What an authorization server says about itself. */
    ServerMetadata server(String issuer, URI server) throws IOException {
        URI identifier = Uris.parse(issuer)
                .filter(uri -> Uris.isAbsolute(uri) && uri.getRawQuery() == null && uri.getRawFragment() == null)
                .orElseThrow(() -> new AuthorizationException(
                        Reason.DISCOVERY,
                        "The resource metadata of " + server + " names an authorization server that is no issuer: "
                                + Excerpt.of(issuer, SHOWN)));
        Set<URI> places = new LinkedHashSet<>();
        places.add(Uris.wellKnown(identifier, SERVER_DOCUMENT));
        places.add(Uris.wellKnown(identifier, OPENID_DOCUMENT));
        places.add(URI.create(Uris.origin(identifier)
                + Uris.withoutTrailingSlash(Uris.path(identifier))
                + "/.well-known/" + OPENID_DOCUMENT));
        for (URI place : places) {
            Optional<Document> found = document(place, server);
            if (found.isPresent()) {
                return checked(found.get(), issuer);
            }
        }
        throw new AuthorizationException(Reason.DISCOVERY, "The authorization server " + issuer + " has no metadata");
    }

    private static ServerMetadata checked(Document document, String issuer) throws AuthorizationException {
        String stated = document.text("issuer").orElse("");
        if (!stated.equals(issuer)) {
            throw new AuthorizationException(
                    Reason.ISSUER_MISMATCH,
                    "The metadata of the authorization server " + issuer + " says that it is of another one: "
                            + Excerpt.of(stated, SHOWN));
        }
        return ServerMetadata.of(document, issuer);
    }

    /** Empty where there is none, or a page for people; a failure of the server is not that. */
    private Optional<Document> document(URI place, URI server) throws IOException {
        Fetcher.Answer answer = fetcher.get(place, server);
        if (answer.isFailure()) {
            throw new AuthorizationException(
                    Reason.UNAVAILABLE, "The answer of " + place + " has status " + answer.status());
        }
        return answer.status() == 200 ? answer.document() : Optional.empty();
    }
}
