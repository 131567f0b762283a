package dev.mortise.security.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.internal.jose.CompactJwt;
import dev.mortise.security.internal.net.AddressGuard;
import dev.mortise.security.internal.net.Fetcher;
import dev.mortise.security.token.TokenExchangeException.Reason;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * Tokens for APIs that tools call on behalf of their callers (RFC 8693). The token that a caller came with is for this
 * server; it goes to the authorization server alone, which makes another of it. Thread-safe.
 *
 * <pre>{@code
 * TokenExchange exchange = TokenExchange.builder(tokenEndpoint, client).build();
 * BearerAuthenticator.builder(metadata).verifier(exchange.keeping(jwts)) …
 *
 * // in a tool
 * exchange.tokenFor(call.context().caller(), Target.of("https://calendar.example", "events:read")).authorization()
 * }</pre>
 *
 * <p>Tokens are kept for each caller, token and target, until shortly before they end; never longer than the token that
 * they were made of.
 */
public final class TokenExchange {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final Duration MARGIN = Duration.ofSeconds(30);

    /**
     * What a token is wanted for.
     *
     * @param resource the API's URI (RFC 8707); empty if it is known by an audience only
     * @param audience its logical name at the authorization server; empty for none
     */
    public record Target(String resource, String audience, Set<String> scopes) {
        public Target {
            if (resource.isEmpty() && audience.isEmpty()) {
                throw new IllegalArgumentException("A token is for a resource or an audience, never for everything");
            }
            scopes = Set.copyOf(scopes);
        }

        public static Target of(String resource, String... scopes) {
            return new Target(resource, "", Set.of(scopes));
        }

        public static Target ofAudience(String audience, String... scopes) {
            return new Target("", audience, Set.of(scopes));
        }
    }

    private record Key(String identity, VerifiedTokens.Key token, Target target) {}

    private final URI endpoint;
    private final ClientAuthentication client;
    private final Fetcher fetcher;
    private final Clock clock;
    private final Cache<Key, DownstreamToken> tokens;
    private final Flights<Key, DownstreamToken> flights;

    private TokenExchange(Builder builder) {
        endpoint = builder.endpoint;
        client = builder.client;
        fetcher = builder.fetcher;
        clock = builder.clock;
        tokens = Caffeine.newBuilder()
                .maximumSize(builder.remembered)
                .executor(Runnable::run)
                .build();
        flights = new Flights<>(64, fetcher.deadline());
    }

    /** @param endpoint the token endpoint: HTTPS, or HTTP with a literal loopback host */
    public static Builder builder(URI endpoint, ClientAuthentication client) {
        return new Builder(AddressGuard.configured(endpoint), client);
    }

    /** A verifier that lets the tokens of its callers be exchanged; nothing but an exchange can read them. */
    public CredentialVerifier keeping(CredentialVerifier verifier) {
        return new ExchangingVerifier(verifier);
    }

    /** @throws TokenExchangeException if there is none */
    public DownstreamToken tokenFor(Caller caller, Target target) {
        SubjectToken subject = caller.get(SubjectToken.ATTRIBUTE)
                .orElseThrow(() -> new TokenExchangeException(
                        Reason.NO_TOKEN, "The caller has no token that could be exchanged", null));
        Key key = new Key(caller.identity(), VerifiedTokens.Key.of(subject.value()), target);
        DownstreamToken known = tokens.getIfPresent(key);
        if (known != null && clock.instant().isBefore(known.expiresAt().minus(MARGIN))) {
            return known;
        }
        try {
            return flights.run(key, () -> {
                DownstreamToken token = exchanged(subject, caller.expiresAt(), target);
                tokens.put(key, token);
                return token;
            });
        } catch (IOException e) {
            throw new TokenExchangeException(Reason.UNAVAILABLE, "The authorization server does not answer", e);
        }
    }

    /** Forgets the tokens of a caller: it was disabled, or its token revoked. */
    public void forget(Caller caller) {
        tokens.asMap().keySet().removeIf(key -> key.identity.equals(caller.identity()));
    }

    private DownstreamToken exchanged(SubjectToken subject, Optional<Instant> latest, Target target)
            throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", GRANT);
        form.put("subject_token", subject.value());
        form.put("subject_token_type", ACCESS_TOKEN);
        form.put("requested_token_type", ACCESS_TOKEN);
        if (!target.resource.isEmpty()) {
            form.put("resource", target.resource);
        }
        if (!target.audience.isEmpty()) {
            form.put("audience", target.audience);
        }
        if (!target.scopes.isEmpty()) {
            form.put("scope", String.join(" ", new TreeSet<>(target.scopes)));
        }
        client.addTo(form);
        Instant sent = clock.instant();
        Fetcher.Answer answer = fetcher.post(endpoint, IntrospectionVerifier.encoded(form), client.fields());
        JsonNode json = read(answer);
        if (answer.status() != 200) {
            boolean refused = answer.status() >= 400 && answer.status() < 500 && answer.status() != 429;
            throw new TokenExchangeException(
                    refused ? Reason.REFUSED : Reason.UNAVAILABLE,
                    "The exchange was answered with " + answer.status() + " " + errorCode(json),
                    null);
        }
        return token(json, subject, sent, latest, target);
    }

    private static DownstreamToken token(
            JsonNode json, SubjectToken subject, Instant sent, Optional<Instant> latest, Target target)
            throws IOException {
        String value = CompactJwt.text(json, "access_token")
                .orElseThrow(() -> new IOException("The exchange was answered without a token"));
        String type = CompactJwt.text(json, "token_type").orElse("");
        if (!type.equalsIgnoreCase("Bearer")) {
            throw new IOException("The exchange was answered with a token that is not Bearer");
        }
        if (value.equals(subject.value())) {
            // It would be the client's own token that goes on.
            throw new TokenExchangeException(Reason.REFUSED, "The exchange was answered with the same token", null);
        }
        JsonNode seconds = json.get("expires_in");
        long lifetime = seconds != null && seconds.canConvertToLong() ? Math.clamp(seconds.asLong(0), 0, 86_400) : 0;
        Instant end = sent.plusSeconds(lifetime);
        Set<String> scopes = CompactJwt.text(json, "scope")
                .map(text -> Set.copyOf(List.of(text.strip().split(" +", -1))))
                .orElse(target.scopes);
        return new DownstreamToken(
                value, "Bearer", scopes, latest.filter(end::isAfter).orElse(end));
    }

    private static JsonNode read(Fetcher.Answer answer) throws IOException {
        try {
            return Json.read(answer.body());
        } catch (Json.InvalidJson e) {
            throw new IOException("The exchange was answered with " + answer.status() + " and no JSON", e);
        }
    }

    /** Only the alphabet of error codes (RFC 6749 section 5.2), and not much of it. */
    private static String errorCode(JsonNode json) {
        return CompactJwt.text(json, "error")
                .filter(code -> code.matches("[a-z_]{1,40}"))
                .orElse("");
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final URI endpoint;
        private final ClientAuthentication client;
        private Fetcher fetcher = Fetcher.standard();
        private Clock clock = Clock.systemUTC();
        private int remembered = 10_000;

        private Builder(URI endpoint, ClientAuthentication client) {
            this.endpoint = endpoint;
            this.client = client;
        }

        /** @param newClient one that follows no redirects */
        public Builder http(HttpClient newClient, Duration deadline) {
            fetcher = new Fetcher(newClient, deadline);
            return this;
        }

        /** How many tokens are kept; 10,000 unless set. */
        public Builder remembered(int newRemembered) {
            remembered = newRemembered;
            return this;
        }

        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        public TokenExchange build() {
            return new TokenExchange(this);
        }
    }
}
