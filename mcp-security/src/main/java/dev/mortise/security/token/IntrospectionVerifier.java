package dev.mortise.security.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.Credential;
import dev.mortise.security.auth.Confirmation;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.SenderConstraints;
import dev.mortise.security.auth.VerifierUnavailable;
import dev.mortise.security.internal.jose.CompactJwt;
import dev.mortise.security.internal.net.AddressGuard;
import dev.mortise.security.internal.net.Fetcher;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Asks the issuer about tokens that say nothing by themselves (RFC 7662). Thread-safe.
 *
 * <p>What it says is believed for a while, and never beyond the token's end: that long it takes until a revocation is
 * noticed. Requests about one token are one request, and their number is bounded. No answer is no 401: the request is
 * refused with 503. The answer has to name this server in {@code aud}, as a JWT has to.
 */
public final class IntrospectionVerifier implements CredentialVerifier {
    private static final Logger LOG = LoggerFactory.getLogger(IntrospectionVerifier.class);
    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final String INACTIVE = "inactive";

    private sealed interface Known {
        Instant until();

        record Active(
                Caller caller,
                TokenFacts facts,
                Confirmation confirmation,
                Set<String> audiences,
                boolean ends,
                Instant until)
                implements Known {}

        record Inactive(Verdict.Invalid verdict, Instant until) implements Known {
            /** Not because of what else is wrong with it. */
            boolean isSaidByIssuer() {
                return verdict.reason().equals(INACTIVE);
            }
        }
    }

    /** What was evicted since is asked anew, and does not wait for an answer to the question before. */
    private record Question(VerifiedTokens.Key token, long evictions) {}

    private final ProtectedResources resources;
    private final URI endpoint;
    private final ClientAuthentication client;
    private final String issuer;
    private final ClaimsMapping mapping;
    private final SenderConstraints constraints;
    private final Predicate<TokenFacts> revoked;
    private final Predicate<String> mine;
    private final Consumer<TokenFacts> whenInactive;
    private final Duration believed;
    private final Duration disbelieved;
    private final Fetcher fetcher;
    private final Clock clock;
    private final Cache<VerifiedTokens.Key, Known> known;
    private final Flights<Question, Known> flights;
    private final AtomicLong evictions = new AtomicLong();

    private IntrospectionVerifier(Builder builder) {
        resources = builder.resources;
        endpoint = builder.endpoint;
        client = builder.client;
        issuer = builder.issuer;
        mapping = builder.mapping;
        constraints = builder.constraints;
        revoked = builder.revoked;
        mine = builder.mine;
        whenInactive = builder.whenInactive;
        believed = builder.believed;
        disbelieved = builder.disbelieved;
        fetcher = builder.fetcher;
        clock = builder.clock;
        known = Caffeine.newBuilder()
                .maximumSize(builder.remembered)
                .executor(Runnable::run)
                .build();
        flights = new Flights<>(builder.concurrency, fetcher.deadline());
    }

    /**
     * Begins a verifier.
     *
     * @param issuer the issuer identifier of the authorization server
     * @param endpoint its introspection endpoint: HTTPS, or HTTP with a literal loopback host
     */
    public static Builder builder(
            ProtectedResources resources, String issuer, URI endpoint, ClientAuthentication client) {
        return new Builder(resources, issuer, AddressGuard.configured(endpoint), client);
    }

    @Override
    public Verdict verify(Presented presented) {
        if (!mine.test(presented.token())) {
            return new Verdict.Pass();
        }
        VerifiedTokens.Key key = VerifiedTokens.Key.of(presented);
        Known found = known.getIfPresent(key);
        if (found == null || !clock.instant().isBefore(found.until())) {
            found = asked(key, presented.token());
        }
        return switch (found) {
            case Known.Inactive inactive -> inactive.verdict;
            case Known.Active active -> judge(presented, active);
        };
    }

    @Override
    public Set<String> issuersWithoutEnvironment() {
        return mapping.namesEnvironment() ? Set.of() : Set.of(issuer);
    }

    /** Forgets what was said of tokens: the next request with one asks again. */
    public void evict(Predicate<TokenFacts> which) {
        evictions.incrementAndGet();
        known.asMap().values().removeIf(each -> each instanceof Known.Active active && which.test(active.facts));
    }

    private Verdict judge(Presented presented, Known.Active active) {
        String id = active.facts.credentialId();
        if (!clock.instant().isBefore(active.facts.expiresAt())) {
            return invalid("The token has expired", "expired", id);
        }
        Optional<ProtectedResource> resource = resources.of(presented.head());
        if (resource.isEmpty() || active.audiences.stream().noneMatch(resource.get()::isMeantBy)) {
            return invalid("The token is not for this server", "wrong-audience", id);
        }
        if (revoked.test(active.facts)) {
            return invalid("The token was revoked", "revoked", id);
        }
        return constraints
                .check(presented, resource.get(), active.confirmation, id)
                .<Verdict>map(fault -> fault)
                .orElseGet(() -> new Verdict.Verified(active.caller));
    }

    private Known asked(VerifiedTokens.Key key, String token) {
        long asked = evictions.get();
        try {
            return flights.run(new Question(key, asked), () -> {
                Known before = known.getIfPresent(key);
                Known answer = answer(ask(token), token);
                known.put(key, answer);
                if (before instanceof Known.Active was && answer instanceof Known.Inactive no && no.isSaidByIssuer()) {
                    tell(was);
                }
                if (evictions.get() != asked) {
                    // It may be from before the eviction.
                    known.invalidate(key);
                }
                return answer;
            });
        } catch (IOException e) {
            throw new VerifierUnavailable("The authorization server", RETRY, e);
        }
    }

    /** It is refused whatever becomes of this. */
    private void tell(Known.Active was) {
        Instant now = clock.instant();
        if (was.ends && !now.isBefore(was.facts.expiresAt())) {
            // It has come to its end, of which everybody knows.
            return;
        }
        // Of one without an end of its own others may have heard just now, and believe it for so long.
        TokenFacts facts = was.ends ? was.facts : was.facts.until(now.plus(believed));
        try {
            whenInactive.accept(facts);
        } catch (RuntimeException e) {
            LOG.warn(
                    "That token {} is not active any more could not be passed on: {}",
                    facts.credentialId(),
                    e.toString());
        }
    }

    private JsonNode ask(String token) throws IOException {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", token);
        form.put("token_type_hint", "access_token");
        client.addTo(form);
        Fetcher.Answer answer = fetcher.post(endpoint, encoded(form), client.fields());
        if (answer.status() != 200) {
            // 401 is about this server's own credentials: no fault of the token's.
            LOG.error("Introspection at {} answers with {}", endpoint.getHost(), answer.status());
            throw new IOException("Introspection answers with " + answer.status());
        }
        try {
            JsonNode json = Json.read(answer.body());
            if (!json.isObject()
                    || json.get("active") == null
                    || !json.get("active").isBoolean()) {
                throw new IOException("The answer does not say whether the token is active");
            }
            return json;
        } catch (Json.InvalidJson e) {
            throw new IOException("The answer of the introspection is no strict JSON", e);
        }
    }

    private Known answer(JsonNode json, String token) {
        Instant now = clock.instant();
        String digest = "sha256:"
                + dev.mortise.security.internal.jose.Digests.sha256(token).substring(0, 16);
        String id = CompactJwt.id(json).orElse(digest);
        if (!json.get("active").booleanValue()) {
            return inactive("The token is not active", INACTIVE, id, now);
        }
        if (json.has("iss") && !CompactJwt.text(json, "iss").equals(Optional.of(issuer))) {
            return inactive("The token is of another issuer", "wrong-issuer", id, now);
        }
        if (json.has("nbf") && CompactJwt.time(json, "nbf").map(now::isBefore).orElse(true)) {
            return inactive("The token is of the future", "not-yet-valid", id, now);
        }
        Instant latest = now.plus(believed);
        // Without an end of its own the caller's streams end when the issuer would be asked again.
        Optional<Instant> expiry = json.has("exp") ? CompactJwt.time(json, "exp") : Optional.of(latest);
        if (expiry.isEmpty() || !now.isBefore(expiry.get())) {
            return inactive("The token has expired", "expired", id, now);
        }
        Instant end = expiry.get();
        return switch (mapping.caller(Credential.Kind.OPAQUE_TOKEN, issuer, id, json, end)) {
            case ClaimsMapping.Mapped.Refused refused -> inactive(refused.description(), refused.reason(), id, now);
            case ClaimsMapping.Mapped.Known mapped ->
                new Known.Active(
                        mapped.caller(),
                        mapped.caller().get(TokenFacts.ATTRIBUTE).orElseThrow(),
                        Confirmation.of(json),
                        CompactJwt.texts(json.get("aud")),
                        json.has("exp"),
                        end.isBefore(latest) ? end : latest);
        };
    }

    private Known.Inactive inactive(String description, String reason, String id, Instant now) {
        return new Known.Inactive(invalid(description, reason, id), now.plus(disbelieved));
    }

    private static Verdict.Invalid invalid(String description, String reason, String id) {
        return new Verdict.Invalid("invalid_token", description, reason, id);
    }

    static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(each -> each.getKey() + "=" + ClientAuthentication.encoded(each.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final ProtectedResources resources;
        private final String issuer;
        private final URI endpoint;
        private final ClientAuthentication client;
        private ClaimsMapping mapping = ClaimsMapping.standard();
        private SenderConstraints constraints = SenderConstraints.none();
        private Predicate<TokenFacts> revoked = facts -> false;
        private Predicate<String> mine = token -> true;
        private Consumer<TokenFacts> whenInactive = facts -> {};
        private Duration believed = Duration.ofSeconds(60);
        private Duration disbelieved = Duration.ofSeconds(10);
        private int remembered = 10_000;
        private int concurrency = 64;
        private Fetcher fetcher = Fetcher.standard();
        private Clock clock = Clock.systemUTC();

        private Builder(ProtectedResources resources, String issuer, URI endpoint, ClientAuthentication client) {
            this.resources = resources;
            this.issuer = issuer;
            this.endpoint = endpoint;
            this.client = client;
        }

        /** How the answer becomes a caller; {@link ClaimsMapping#standard} unless set. */
        public Builder claims(ClaimsMapping newMapping) {
            mapping = newMapping;
            return this;
        }

        public Builder constraints(SenderConstraints newConstraints) {
            constraints = newConstraints;
            return this;
        }

        /** As {@link JwtVerifier.Builder#revoked}. */
        public Builder revoked(Predicate<TokenFacts> which) {
            revoked = which;
            return this;
        }

        /**
         * Hears of each token that was active and that its issuer now says is not; one without an end of its own ends when nobody
         * believes in it any more. With {@code
         * facts -> stores.revokedCredentials().revoke(facts.credentialId(), facts.expiresAt())} all replicas refuse it within
         * five seconds of the first that learns it, and what its caller has open ends. Called on the thread of the request, which
         * is refused whatever comes of it.
         */
        public Builder whenInactive(Consumer<TokenFacts> listener) {
            whenInactive = listener;
            return this;
        }

        /** Which tokens to ask about, by their looks; all that no verifier before this one took, unless set. */
        public Builder only(Predicate<String> tokens) {
            mine = tokens;
            return this;
        }

        /**
         * How long answers are believed; 60 s and 10 s unless set.
         *
         * @param active at most 5 minutes
         */
        public Builder believe(Duration active, Duration inactive) {
            if (active.compareTo(Duration.ofMinutes(5)) > 0 || inactive.compareTo(active) > 0) {
                throw new IllegalArgumentException("Answers are believed for at most 5 minutes, refusals not longer");
            }
            believed = active;
            disbelieved = inactive;
            return this;
        }

        /** How many answers are remembered; 10,000 unless set. */
        public Builder remembered(int answers) {
            remembered = answers;
            return this;
        }

        /** How many requests may be under way at once; 64 unless set. */
        public Builder concurrency(int requests) {
            concurrency = requests;
            return this;
        }

        /** @param newClient one that follows no redirects */
        public Builder http(HttpClient newClient, Duration deadline) {
            fetcher = new Fetcher(newClient, deadline);
            return this;
        }

        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        public IntrospectionVerifier build() {
            return new IntrospectionVerifier(this);
        }
    }
}
