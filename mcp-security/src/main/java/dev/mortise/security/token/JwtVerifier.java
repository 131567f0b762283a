package dev.mortise.security.token;

import dev.mortise.security.Credential;
import dev.mortise.security.auth.Confirmation;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.SenderConstraints;
import dev.mortise.security.auth.SignatureAlgorithm;
import dev.mortise.security.internal.jose.CompactJwt;
import dev.mortise.security.internal.jose.Digests;
import dev.mortise.security.internal.jose.HeaderRules;
import dev.mortise.security.internal.jose.VerificationKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * Verifies access tokens that are JWTs (RFC 9068 section 4, RFC 8725 section 3). Thread-safe.
 *
 * <p>The issuer selects the keys, by exact match; the algorithm is one of its allowlist and fits the type of the key;
 * the token is for the endpoint that the request was sent to; it ends, and has not ended, to the millisecond. A token
 * that was found good is known again by its SHA-256 until it ends, until its key is removed from the issuer's set, or
 * until it is evicted. What is not a JWT is left to the next verifier.
 */
public final class JwtVerifier implements CredentialVerifier {
    private static final int MAX_KEY_ID = 256;
    private static final List<String> ID_TOKEN_CLAIMS = List.of("at_hash", "c_hash", "s_hash", "nonce", "events");
    private static final Set<String> FOREIGN_TYPES = Set.of("id", "refresh", "logout");

    private record Trusted(TokenIssuer issuer, Keys keys) {}

    /** What a token alone tells. */
    private sealed interface Checked {
        record Good(VerifiedTokens.Entry entry) implements Checked {}

        record Bad(Verdict.Invalid verdict) implements Checked {}
    }

    private final ProtectedResources resources;
    private final Map<String, Trusted> issuers = new HashMap<>();
    private final SenderConstraints constraints;
    private final VerifiedTokens verified;
    private final Predicate<TokenFacts> revoked;
    private final Duration skew;
    private final Clock clock;

    private JwtVerifier(Builder builder) {
        resources = builder.resources;
        constraints = builder.constraints;
        revoked = builder.revoked;
        skew = builder.skew;
        clock = builder.clock;
        verified = new VerifiedTokens(builder.remembered, clock);
        for (TokenIssuer issuer : builder.issuers) {
            Keys keys = issuer.keys().open(issuer.id(), clock, this::forget);
            if (issuers.put(issuer.id(), new Trusted(issuer, keys)) != null) {
                throw new IllegalArgumentException("Two issuers with the identifier " + issuer.id());
            }
        }
    }

    /** @param resources the endpoints that tokens are for */
    public static Builder builder(ProtectedResources resources) {
        return new Builder(resources);
    }

    @Override
    public Verdict verify(Presented presented) {
        VerifiedTokens.Key digest = VerifiedTokens.Key.of(presented);
        VerifiedTokens.Entry known = verified.find(digest);
        if (known != null && trusted(known.issuer()).keys.areCurrent()) {
            return judge(presented, known);
        }
        if (!CompactJwt.looksLikeOne(presented.token())) {
            return new Verdict.Pass();
        }
        long before = verified.removals();
        return switch (check(presented)) {
            case Checked.Bad bad -> bad.verdict;
            case Checked.Good good -> {
                Verdict verdict = judge(presented, good.entry);
                if (verdict instanceof Verdict.Verified) {
                    verified.put(digest, good.entry, before);
                }
                yield verdict;
            }
        };
    }

    /**
     * Forgets tokens that were found good, so that they are verified again, and {@code revoked} is asked by the next
     * request. Those that are still valid and that nobody calls revoked are then good again.
     */
    public void evict(Predicate<TokenFacts> which) {
        verified.remove(entry -> which.test(entry.facts()));
    }

    private void forget(VerificationKey key) {
        verified.remove(entry -> entry.key().equals(key));
    }

    private Trusted trusted(TokenIssuer issuer) {
        Trusted trusted = issuers.get(issuer.id());
        if (trusted == null) {
            throw new IllegalStateException("Not an issuer of this verifier: " + issuer.id());
        }
        return trusted;
    }

    /** What depends on the request and on the time: asked of each token, known or not. */
    private Verdict judge(Presented presented, VerifiedTokens.Entry entry) {
        TokenFacts facts = entry.facts();
        if (!clock.instant().isBefore(facts.expiresAt())) {
            return invalid("The token has expired", "expired", facts.credentialId());
        }
        Optional<ProtectedResource> resource = resources.of(presented.head());
        if (resource.isEmpty() || !isFor(entry.audiences(), resource.get(), entry.issuer())) {
            return invalid("The token is not for this server", "wrong-audience", facts.credentialId());
        }
        if (revoked.test(facts)) {
            return invalid("The token was revoked", "revoked", facts.credentialId());
        }
        return constraints
                .check(presented, resource.get(), entry.confirmation(), facts.credentialId())
                .<Verdict>map(fault -> fault)
                .orElseGet(() -> new Verdict.Verified(entry.caller()));
    }

    private static boolean isFor(Set<String> audiences, ProtectedResource resource, TokenIssuer issuer) {
        for (String audience : audiences) {
            if (resource.isMeantBy(audience) || issuer.audiences().contains(audience)) {
                return true;
            }
        }
        return false;
    }

    /** What depends on the token alone. */
    private Checked check(Presented presented) {
        Optional<CompactJwt> parsed = CompactJwt.parse(presented.token());
        if (parsed.isEmpty()) {
            return bad("The token is malformed", "malformed", "");
        }
        CompactJwt jwt = parsed.get();
        String id = credentialId(jwt);
        Trusted trusted = CompactJwt.text(jwt.claims(), "iss").map(issuers::get).orElse(null);
        if (trusted == null) {
            return bad("The token is of no issuer that this server trusts", "wrong-issuer", id);
        }
        Optional<String> violation = HeaderRules.violation(jwt.header(), false);
        if (violation.isPresent()) {
            return bad("The header of the token is not acceptable", violation.get(), id);
        }
        if (!isAccessToken(jwt, trusted.issuer)) {
            return bad("This is no access token", "wrong-type", id);
        }
        Optional<SignatureAlgorithm> algorithm = CompactJwt.text(jwt.header(), "alg")
                .flatMap(SignatureAlgorithm::of)
                .filter(trusted.issuer.algorithms()::contains);
        if (algorithm.isEmpty()) {
            return bad("The algorithm of the token is not accepted", "wrong-algorithm", id);
        }
        return signature(jwt, trusted, algorithm.get(), id);
    }

    private Checked signature(CompactJwt jwt, Trusted trusted, SignatureAlgorithm algorithm, String id) {
        String keyId = CompactJwt.text(jwt.header(), "kid").orElse(null);
        if (jwt.header().has("kid") && (keyId == null || keyId.length() > MAX_KEY_ID)) {
            return bad("The token names its key wrongly", "unknown-key", id);
        }
        List<VerificationKey> keys = trusted.keys.find(keyId, algorithm);
        if (keys.isEmpty()) {
            return bad("The token is signed with a key that its issuer does not have", "unknown-key", id);
        }
        for (VerificationKey key : keys) {
            if (key.signed(jwt, algorithm)) {
                return claims(jwt, trusted.issuer, key, id);
            }
        }
        return bad("The signature of the token is wrong", "wrong-signature", id);
    }

    private Checked claims(CompactJwt jwt, TokenIssuer issuer, VerificationKey key, String id) {
        JsonNode claims = jwt.claims();
        Instant now = clock.instant();
        Optional<Instant> expiry = CompactJwt.time(claims, "exp");
        if (expiry.isEmpty()) {
            return bad("The token does not say when it ends", "no-expiry", id);
        }
        if (!now.isBefore(expiry.get())) {
            return bad("The token has expired", "expired", id);
        }
        if (isLater(claims, "nbf", now) || isLater(claims, "iat", now)) {
            return bad("The token is of the future", "not-yet-valid", id);
        }
        Set<String> audiences = CompactJwt.texts(claims.get("aud"));
        if (audiences.isEmpty()) {
            return bad("The token does not say who it is for", "wrong-audience", id);
        }
        Confirmation confirmation = Confirmation.of(claims);
        return switch (issuer.mapping().caller(Credential.Kind.JWT, issuer.id(), id, claims, expiry.get())) {
            case ClaimsMapping.Mapped.Refused refused -> bad(refused.description(), refused.reason(), id);
            case ClaimsMapping.Mapped.Known mapped ->
                new Checked.Good(new VerifiedTokens.Entry(
                        mapped.caller(),
                        mapped.caller().get(TokenFacts.ATTRIBUTE).orElseThrow(),
                        confirmation,
                        audiences,
                        issuer,
                        key));
        };
    }

    /** A time that is there and cannot be read counts as later, too. */
    private boolean isLater(JsonNode claims, String name, Instant now) {
        return claims.has(name)
                && CompactJwt.time(claims, name)
                        .map(time -> time.isAfter(now.plus(skew)))
                        .orElse(true);
    }

    /** RFC 9068 section 2.1; where its type is not demanded, what ID tokens alone have gives them away. */
    private static boolean isAccessToken(CompactJwt jwt, TokenIssuer issuer) {
        String type = CompactJwt.text(jwt.header(), "typ").orElse("").toLowerCase(Locale.ROOT);
        if (type.equals("at+jwt") || type.equals("application/at+jwt")) {
            return true;
        }
        if (issuer.isTyped() || !(type.isEmpty() ? !jwt.header().has("typ") : type.equals("jwt"))) {
            return false;
        }
        String claimed = CompactJwt.text(jwt.claims(), "typ").orElse("").toLowerCase(Locale.ROOT);
        return ID_TOKEN_CLAIMS.stream().noneMatch(jwt.claims()::has) && !FOREIGN_TYPES.contains(claimed);
    }

    private static String credentialId(CompactJwt jwt) {
        return CompactJwt.id(jwt.claims())
                .orElseGet(() -> "sha256:" + Digests.sha256(jwt.signed()).substring(0, 16));
    }

    private static Checked bad(String description, String reason, String credentialId) {
        return new Checked.Bad(invalid(description, reason, credentialId));
    }

    private static Verdict.Invalid invalid(String description, String reason, String credentialId) {
        return new Verdict.Invalid("invalid_token", description, reason, credentialId);
    }

    @Override
    public Set<String> issuersWithoutEnvironment() {
        return issuers.values().stream()
                .map(Trusted::issuer)
                .filter(issuer -> !issuer.namesEnvironment())
                .map(TokenIssuer::id)
                .collect(Collectors.toSet());
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private final ProtectedResources resources;
        private final List<TokenIssuer> issuers = new ArrayList<>();
        private SenderConstraints constraints = SenderConstraints.none();
        private Predicate<TokenFacts> revoked = facts -> false;
        private Duration skew = Duration.ofSeconds(30);
        private int remembered = 10_000;
        private Clock clock = Clock.systemUTC();

        private Builder(ProtectedResources resources) {
            this.resources = resources;
        }

        /**
         * Trusts an issuer. Where there are several, their callers must not be taken for one another: each has a
         * tenant or a subject prefix of its own.
         */
        public Builder issuer(TokenIssuer issuer) {
            for (TokenIssuer other : issuers) {
                if (other.mapping().overlaps(issuer.mapping())) {
                    throw new IllegalArgumentException("A subject of " + issuer + " could be taken for one of " + other
                            + ": give each a tenant or a subjectPrefix of its own");
                }
            }
            if (!issuer.audiences().isEmpty() && resources.all().size() > 1) {
                throw new IllegalArgumentException(
                        "With several endpoints, tokens name theirs by its URI; the audience " + issuer.audiences()
                                + " would be good for all of them");
            }
            issuers.add(issuer);
            return this;
        }

        /** What tokens may be bound to; nothing unless set, and then bound ones are refused. */
        public Builder constraints(SenderConstraints newConstraints) {
            constraints = newConstraints;
            return this;
        }

        /** Asked of every token at every request, so it has to be quick: tokens that are not to be used any more. */
        public Builder revoked(Predicate<TokenFacts> which) {
            revoked = which;
            return this;
        }

        /** How far ahead the clock of an issuer may be; 30 s unless set, at most 60 s. The end of a token has none. */
        public Builder clockSkew(Duration ahead) {
            if (ahead.isNegative() || ahead.compareTo(Duration.ofSeconds(60)) > 0) {
                throw new IllegalArgumentException("Clocks may differ by 0 to 60 seconds, not by " + ahead);
            }
            skew = ahead;
            return this;
        }

        /** How many verified tokens are known again; 10,000 unless set. */
        public Builder remembered(int tokens) {
            remembered = tokens;
            return this;
        }

        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        public JwtVerifier build() {
            if (issuers.isEmpty()) {
                throw new IllegalStateException("A verifier of tokens trusts at least one issuer");
            }
            return new JwtVerifier(this);
        }
    }
}
