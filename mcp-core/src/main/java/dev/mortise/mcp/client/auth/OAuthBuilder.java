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
     * @throws IllegalStateException if something is missing
     */
    public HttpAuthorization build() {
        Settings settings = new Settings(
                Optional.ofNullable(server),
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
        return new OAuthAuthorization(settings, grant());
    }

    /** How long an authorization may take, requests not counted. */
    Duration patience() {
        return MINUTE;
    }

    abstract Grant grant();

    abstract B self();
}
