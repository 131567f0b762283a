package dev.mortise.mcp.client.auth;

import java.net.URI;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about itself when it registers at an authorization server that does not know it (RFC 7591). The
 * rest (redirects, grants, kind of application) follows from how it is used. Immutable.
 */
public final class ClientMetadata {
    private final String name;
    private final @Nullable URI page;
    private final @Nullable URI logo;

    private ClientMetadata(String name, @Nullable URI page, @Nullable URI logo) {
        this.name = name;
        this.page = page;
        this.logo = logo;
    }

    /** @param name what users are shown when they are asked to let the client in */
    public static ClientMetadata named(String name) {
        return new ClientMetadata(name, null, null);
    }

    /** A page about the client. */
    public ClientMetadata page(URI uri) {
        return new ClientMetadata(name, uri, logo);
    }

    /** A picture of the client. */
    public ClientMetadata logo(URI uri) {
        return new ClientMetadata(name, page, uri);
    }

    public String name() {
        return name;
    }

    public Optional<URI> page() {
        return Optional.ofNullable(page);
    }

    public Optional<URI> logo() {
        return Optional.ofNullable(logo);
    }
}
