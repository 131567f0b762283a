package dev.mortise.mcp.client.auth;

import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.internal.auth.Grant;
import dev.mortise.mcp.internal.auth.OAuthAuthorization;
import dev.mortise.mcp.internal.auth.Settings;
import dev.mortise.mcp.internal.auth.SharedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all ways to authorize have in common. One authorization is for one MCP server. Not thread-safe; what it builds
 * is.
 *
 * @param <B> the builder itself
 */
public abstract sealed class OAuthBuilder<B extends OAuthBuilder<B>>
        permits AuthorizationCodeBuilder, ClientCredentialsBuilder, EnterpriseManagedBuilder, WorkloadIdentityBuilder {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private @Nullable URI server;
    private @Nullable String issuer;
    private boolean firstIssuer;
    private TokenStore store = TokenStore.inMemory();
    private String account = "default";
    private Set<String> scopes = Set.of();
    private boolean dpop;
    private @Nullable HttpClient client;
    private boolean privateNetwork;
    private boolean plainHttp;
    private Duration deadline = Duration.ofSeconds(20);
    private Clock clock = Clock.systemUTC();

    OAuthBuilder() {}

    /** The MCP server's URL. Without it, the first one that is called; its origin is the only one that gets tokens. */
    public B server(URI url) {
        this.server = url;
        return self();
    }

    /**
     * The one authorization server to authorize at. It is compared with what the MCP server names before anything but
     * a request for metadata is sent; another one is an {@link AuthorizationException} ({@code ISSUER_MISMATCH}).
     *
     * <p>Whoever shows a client secret or the token of a platform has to say it here or with
     * {@link RegisteredClient#at}: both are good at other servers too, and the MCP server, which may be hostile, names
     * the authorization server that gets them.
     *
     * @param url exactly as the authorization server writes it, character by character (RFC 8414 section 3.3)
     * @throws IllegalArgumentException if it is no absolute URL
     */
    public B issuer(String url) {
        if (URI.create(url).getHost() == null) {
            throw new IllegalArgumentException("An issuer is the URL of an authorization server: " + url);
        }
        this.issuer = url;
        return self();
    }

    /**
     * Shows a client secret or the token of a platform to whatever authorization server the MCP server names first, and
     * stays with the first that takes it, as long as the store remembers. A hostile MCP server names one of its own and
     * has the secret: only for MCP servers that are trusted with it. An issuer that was stated goes before.
     */
    public B trustingFirstIssuer() {
        this.firstIssuer = true;
        return self();
    }

    /** Where tokens are kept; unless set, in memory. */
    public B tokens(TokenStore newStore) {
        this.store = newStore;
        return self();
    }

    /** Keeps what is stored for this user, or this client, apart from that of others in the same store. */
    public B account(String name) {
        this.account = name;
        return self();
    }

    /** Scopes to ask for in any case. Without them, those that the server says it needs. */
    public B scopes(String... names) {
        this.scopes = Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(names)));
        return self();
    }

    /**
     * Takes only tokens that are bound to a key of this client (DPoP, RFC 9449). Without it, they are bound where both
     * servers say that they know how.
     */
    public B dpop() {
        this.dpop = true;
        return self();
    }

    /**
     * The HTTP client for metadata, registrations and tokens, with its proxy and its trust.
     *
     * @throws IllegalArgumentException if it follows redirects, which nothing would check
     */
    public B httpClient(HttpClient newClient) {
        if (newClient.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException("The HTTP client of an authorization must not follow redirects");
        }
        this.client = newClient;
        return self();
    }

    /** How long one request for metadata, a registration or a token may take as a whole; unless set, 20 seconds. */
    public B requestTimeout(Duration timeout) {
        this.deadline = timeout;
        return self();
    }

    /**
     * Lets an MCP server on the internet name authorization servers in a private network. Unless set, nobody's metadata leads to a network that is less public than its own.
     */
    public B allowPrivateNetwork() {
        this.privateNetwork = true;
        return self();
    }

    /** Lets secrets travel over plain HTTP to other machines: for test networks alone. */
    public B allowPlainHttp() {
        this.plainHttp = true;
        return self();
    }

    /** Whose time it is; for tests. */
    public B clock(Clock newClock) {
        this.clock = newClock;
        return self();
    }

    /**
     * The authorization, for one client of one server.
     *
     * @throws IllegalStateException if something is missing, or two different issuers were stated
     */
    public HttpAuthorization build() {
        Grant grant = grant();
        Settings settings = new Settings(
                Optional.ofNullable(server),
                statedIssuer(grant),
                store,
                account,
                scopes,
                dpop,
                client != null ? client : SharedHttpClient.get(),
                privateNetwork,
                plainHttp,
                deadline,
                patience().plus(MINUTE),
                clock);
        return new OAuthAuthorization(settings, grant);
    }

    private Optional<String> statedIssuer(Grant grant) {
        Optional<String> ofClient = grant.issuer();
        if (issuer != null && ofClient.isPresent() && !ofClient.get().equals(issuer)) {
            throw new IllegalStateException("Two authorization servers are stated: issuer(\"" + issuer
                    + "\"), and the client's at(\"" + ofClient.get() + "\")");
        }
        Optional<String> stated = issuer != null ? Optional.of(issuer) : ofClient;
        if (stated.isEmpty() && !firstIssuer && grant.showsSecret()) {
            throw new IllegalStateException("A client secret, or the token of a platform, is shown to one authorization"
                    + " server alone: say which with issuer(\"https://...\"). Else the MCP server decides who gets it;"
                    + " if it is trusted with that, say trustingFirstIssuer()");
        }
        return stated;
    }

    /** How long an authorization may take, requests not counted. */
    Duration patience() {
        return MINUTE;
    }

    abstract Grant grant();

    abstract B self();
}
