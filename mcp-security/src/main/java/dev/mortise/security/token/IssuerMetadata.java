package dev.mortise.security.token;

import dev.mortise.mcp.json.Json;
import dev.mortise.security.internal.jose.CompactJwt;
import dev.mortise.security.internal.net.AddressGuard;
import dev.mortise.security.internal.net.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Finds an issuer's key set through its metadata (Authorization Server Metadata Discovery, in its order). */
final class IssuerMetadata implements JwksKeys.Location {
    private final URI issuer;
    private final Fetcher fetcher;

    IssuerMetadata(URI issuer, Fetcher fetcher) {
        this.issuer = AddressGuard.configured(issuer);
        this.fetcher = fetcher;
    }

    @Override
    public URI url() throws IOException {
        for (URI candidate : candidates()) {
            Fetcher.Answer answer = fetcher.get(candidate);
            if (answer.status() == 200) {
                return keySet(answer);
            }
            if (answer.status() >= 500) {
                throw new IOException("The metadata of " + issuer.getHost() + " answer with " + answer.status());
            }
        }
        throw new IOException("There are no metadata of " + issuer.getHost());
    }

    private List<URI> candidates() {
        String origin = issuer.getScheme() + "://" + issuer.getRawAuthority();
        String path = issuer.getRawPath().equals("/") ? "" : issuer.getRawPath();
        List<URI> candidates = new ArrayList<>();
        candidates.add(URI.create(origin + "/.well-known/oauth-authorization-server" + path));
        candidates.add(URI.create(origin + "/.well-known/openid-configuration" + path));
        if (!path.isEmpty()) {
            candidates.add(URI.create(origin + path + "/.well-known/openid-configuration"));
        }
        return candidates;
    }

    private URI keySet(Fetcher.Answer answer) throws IOException {
        try {
            JsonNode metadata = Json.read(answer.body());
            // Or everybody's metadata could be put in place of this issuer's (RFC 8414 section 3.3).
            if (!CompactJwt.text(metadata, "issuer").orElse("").equals(issuer.toString())) {
                throw new IOException("The metadata of " + issuer.getHost() + " are of another issuer");
            }
            URI url = URI.create(CompactJwt.text(metadata, "jwks_uri")
                    .orElseThrow(() -> new IOException("The metadata of " + issuer.getHost() + " name no keys")));
            AddressGuard.checkNamed(url, issuer);
            return url;
        } catch (Json.InvalidJson | IllegalArgumentException e) {
            throw new IOException("The metadata of " + issuer.getHost() + " cannot be read", e);
        }
    }
}
