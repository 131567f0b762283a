package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.internal.auth.AuthorizationCodeGrant;
import dev.mortise.mcp.internal.auth.Grant;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Authorization by a user. Of the ways to have a client id, give those that apply; they are tried in the order of the
 * specification (client registration): registered, metadata document, dynamic registration.
 */
public final class AuthorizationCodeBuilder extends OAuthBuilder<AuthorizationCodeBuilder> {
    private @Nullable RegisteredClient registered;
    private @Nullable RegisteredClient document;
    private @Nullable ClientMetadata dynamic;
    private Redirect redirect = LoopbackRedirect.onFreePort();
    private Browser browser = Browser.desktop();
    private Duration patience = Duration.ofMinutes(5);

    AuthorizationCodeBuilder() {}

    /** A client that the authorization server knows. */
    public AuthorizationCodeBuilder registered(RegisteredClient client) {
        this.registered = client;
        return this;
    }

    /** A client with a secret that the authorization server knows; {@link #issuer} says which one that is. */
    public AuthorizationCodeBuilder registered(String clientId, String secret) {
        return registered(RegisteredClient.withSecret(clientId, secret));
    }

    /**
     * The URL of a document about this client, which is its id wherever that is supported.
     *
     * @param url {@code https}, with a path
     * @throws IllegalArgumentException if it is something else
     */
    public AuthorizationCodeBuilder clientMetadataDocument(URI url) {
        this.document = RegisteredClient.withoutSecret(documentUrl(url));
        return this;
    }

    /** The same, for a document that names a public key, with the private one. */
    public AuthorizationCodeBuilder clientMetadataDocument(URI url, SigningKey key) {
        this.document = RegisteredClient.withKey(documentUrl(url), key);
        return this;
    }

    /** Registers the client where nobody knows it. Deprecated by the specification, and often the only way. */
    public AuthorizationCodeBuilder dynamicRegistration(ClientMetadata metadata) {
        this.dynamic = metadata;
        return this;
    }

    /** Where the browser comes back to; unless set, a free port of this machine. */
    public AuthorizationCodeBuilder redirect(Redirect newRedirect) {
        this.redirect = newRedirect;
        return this;
    }

    /** What shows the authorization page; unless set, the browser of the desktop. */
    public AuthorizationCodeBuilder browser(Browser newBrowser) {
        this.browser = newBrowser;
        return this;
    }

    /** How long the user may take; unless set, 5 minutes. */
    public AuthorizationCodeBuilder userTimeout(Duration timeout) {
        this.patience = timeout;
        return this;
    }

    @Override
    Duration patience() {
        return patience;
    }

    @Override
    Grant grant() {
        if (registered == null && document == null && dynamic == null) {
            throw new IllegalStateException("A client needs an id: give it with registered(...),"
                    + " clientMetadataDocument(...) or dynamicRegistration(...)");
        }
        return new AuthorizationCodeGrant(
                Optional.ofNullable(registered),
                Optional.ofNullable(document),
                Optional.ofNullable(dynamic),
                redirect,
                browser,
                patience);
    }

    @Override
    AuthorizationCodeBuilder self() {
        return this;
    }

    private static String documentUrl(URI url) {
        String path = url.getRawPath();
        boolean ok = "https".equalsIgnoreCase(url.getScheme())
                && url.getHost() != null
                && url.getRawUserInfo() == null
                && url.getRawFragment() == null
                && path != null
                && path.length() > 1
                && url.normalize().equals(url);
        if (!ok) {
            throw new IllegalArgumentException("A client id that is the URL of a document is https, with a path, and"
                    + " without user, fragment and dots in its path: " + url);
        }
        return url.toString();
    }
}
