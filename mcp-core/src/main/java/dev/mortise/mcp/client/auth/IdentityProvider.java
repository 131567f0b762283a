package dev.mortise.mcp.client.auth;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The identity provider of an enterprise, and the client that it knows this one as. Immutable. */
public final class IdentityProvider {
    private final @Nullable String issuer;
    private final @Nullable URI tokenEndpoint;
    private final RegisteredClient client;

    private IdentityProvider(@Nullable String issuer, @Nullable URI tokenEndpoint, RegisteredClient client) {
        this.issuer = issuer;
        this.tokenEndpoint = tokenEndpoint;
        this.client = client;
    }

    /** One that says itself where its token endpoint is (RFC 8414 or OpenID Connect Discovery). */
    public static IdentityProvider at(String issuer, RegisteredClient client) {
        return new IdentityProvider(issuer, null, client);
    }

    /** One whose token endpoint is known. */
    public static IdentityProvider withTokenEndpoint(URI tokenEndpoint, RegisteredClient client) {
        return new IdentityProvider(null, tokenEndpoint, client);
    }

    public Optional<String> issuer() {
        return Optional.ofNullable(issuer);
    }

    public Optional<URI> tokenEndpoint() {
        return Optional.ofNullable(tokenEndpoint);
    }

    public RegisteredClient client() {
        return client;
    }
}
