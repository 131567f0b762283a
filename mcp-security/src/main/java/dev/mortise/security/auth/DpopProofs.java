package dev.mortise.security.auth;

import dev.mortise.mcp.store.InMemoryPendingInputStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.internal.jose.CompactJwt;
import dev.mortise.security.internal.jose.Digests;
import dev.mortise.security.internal.jose.HeaderRules;
import dev.mortise.security.internal.jose.PublicJwk;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks that the sender of a request holds the key that its token is bound to (RFC 9449 section 4.3). Thread-safe.
 *
 * <p>Each proof counts once. Which ones were used is remembered, for as long as they could be used again, in a
 * {@link PendingInputStore}: a bounded one in memory, or one of {@code RedisStores} under a prefix of its own where
 * there are replicas. A store that is full or gone means that no proof is taken: it fails on the safe side.
 */
public final class DpopProofs {
    private static final int MAX_LENGTH = 8192;
    private static final int MAX_ID = 256;
    private static final int REMEMBERED = 100_000;

    private final PendingInputStore used;
    private final Set<SignatureAlgorithm> algorithms;
    private final Duration age;
    private final Duration ahead;
    private final @Nullable DpopNonces nonces;
    private final Clock clock;

    private DpopProofs(Builder builder) {
        clock = builder.clock;
        used = builder.used == null ? new InMemoryPendingInputStore(REMEMBERED, clock) : builder.used;
        algorithms = EnumSet.copyOf(builder.algorithms);
        age = builder.age;
        ahead = builder.ahead;
        nonces = builder.nonceSecret == null ? null : new DpopNonces(builder.nonceSecret, builder.noncePeriod, clock);
    }

    public static Builder builder() {
        return new Builder();
    }

    List<String> algorithms() {
        return algorithms.stream().map(SignatureAlgorithm::id).toList();
    }

    /** A fault in a proof. */
    private record Fault(String description, String reason) {}

    Optional<Verdict.Invalid> check(
            HttpHead head, ProtectedResource resource, String token, String thumbprint, String credentialId) {
        List<String> lines = head.headers("DPoP");
        if (lines.size() != 1) {
            return invalid(new Fault("A request has one DPoP field", "dpop-field"), credentialId);
        }
        String text = lines.getFirst().strip();
        Optional<CompactJwt> proof = text.length() > MAX_LENGTH ? Optional.empty() : CompactJwt.parse(text);
        if (proof.isEmpty()) {
            return invalid(new Fault("The proof is no JWT", "dpop-malformed"), credentialId);
        }
        Fault fault = key(proof.get(), thumbprint);
        fault = fault == null ? request(proof.get().claims(), head, resource, token) : fault;
        if (fault != null) {
            return invalid(fault, credentialId);
        }
        if (nonces != null
                && !CompactJwt.text(proof.get().claims(), "nonce")
                        .map(nonces::isGood)
                        .orElse(false)) {
            return Optional.of(new Verdict.Invalid(
                    "use_dpop_nonce",
                    "The proof needs the nonce of this answer",
                    "dpop-nonce",
                    credentialId,
                    Map.of("DPoP-Nonce", nonces.current(), "Cache-Control", "no-store")));
        }
        fault = time(proof.get(), thumbprint);
        return fault == null ? Optional.empty() : invalid(fault, credentialId);
    }

    /** Typ, algorithm, key and signature. */
    private @Nullable Fault key(CompactJwt proof, String thumbprint) {
        if (!CompactJwt.text(proof.header(), "typ").equals(Optional.of("dpop+jwt"))) {
            return new Fault("The type of a proof is dpop+jwt", "dpop-typ");
        }
        Optional<String> violation = HeaderRules.violation(proof.header(), true);
        if (violation.isPresent()) {
            return new Fault("The header of the proof is not acceptable", "dpop-" + violation.get());
        }
        Optional<SignatureAlgorithm> algorithm = CompactJwt.text(proof.header(), "alg")
                .flatMap(SignatureAlgorithm::of)
                .filter(algorithms::contains);
        if (algorithm.isEmpty()) {
            return new Fault("The algorithm of the proof is not accepted", "dpop-algorithm");
        }
        Optional<PublicJwk> jwk = Optional.ofNullable(proof.header().get("jwk")).flatMap(PublicJwk::read);
        if (jwk.isEmpty()) {
            return new Fault("The proof has no public key in it", "dpop-key");
        }
        if (!Digests.same(jwk.get().thumbprint(), thumbprint)) {
            return new Fault("The token is bound to another key", "dpop-other-key");
        }
        return jwk.get().verificationKey().signed(proof, algorithm.get())
                ? null
                : new Fault("The signature of the proof is wrong", "dpop-signature");
    }

    /** That it is for this very request and token. */
    private static @Nullable Fault request(
            tools.jackson.databind.JsonNode claims, HttpHead head, ProtectedResource resource, String token) {
        if (!CompactJwt.text(claims, "htm").equals(Optional.of(head.method()))) {
            return new Fault("The proof is for another method", "dpop-htm");
        }
        if (!CompactJwt.text(claims, "htu")
                .map(htu -> isTarget(htu, head, resource))
                .orElse(false)) {
            return new Fault("The proof is for another URI", "dpop-htu");
        }
        return CompactJwt.text(claims, "ath")
                        .map(ath -> Digests.same(ath, Digests.sha256(token)))
                        .orElse(false)
                ? null
                : new Fault("The proof is for another token", "dpop-ath");
    }

    /**
     * The canonical URI of the endpoint, or another path of the same origin that this request has: never what a
     * request says about its own host. Compared after normalization of what is no difference (RFC 3986 section 6.2).
     */
    private static boolean isTarget(String htu, HttpHead head, ProtectedResource resource) {
        try {
            URI uri = new URI(htu);
            URI own = resource.uri();
            return uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && origin(uri).equals(origin(own))
                    && (path(uri).equals(path(own)) || path(uri).equals(path(head.uri())));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String origin(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        boolean own =
                (scheme.equals("https") && uri.getPort() == 443) || (scheme.equals("http") && uri.getPort() == 80);
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + (own ? -1 : uri.getPort());
    }

    private static String path(URI uri) {
        String path = uri.normalize().getRawPath();
        return path == null || path.isEmpty() ? "/" : path;
    }

    /** That it is of now, and was not used before. */
    private @Nullable Fault time(CompactJwt proof, String thumbprint) {
        Instant now = clock.instant();
        Optional<Instant> issued = CompactJwt.time(proof.claims(), "iat");
        Optional<String> id = CompactJwt.text(proof.claims(), "jti").filter(it -> it.length() <= MAX_ID);
        if (issued.isEmpty() || id.isEmpty()) {
            return new Fault("A proof has jti and iat", "dpop-claims");
        }
        if (issued.get().isBefore(now.minus(age)) || issued.get().isAfter(now.plus(ahead))) {
            return new Fault("The proof is not of now", "dpop-iat");
        }
        Instant until = issued.get().plus(age).plusSeconds(1);
        return used.claim("dpop " + Digests.sha256(thumbprint + " " + id.get()), until)
                ? null
                : new Fault("The proof was used before", "dpop-replayed");
    }

    private static Optional<Verdict.Invalid> invalid(Fault fault, String credentialId) {
        return Optional.of(
                new Verdict.Invalid("invalid_dpop_proof", fault.description(), fault.reason(), credentialId));
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {
        private Set<SignatureAlgorithm> algorithms = EnumSet.of(
                SignatureAlgorithm.ES256, SignatureAlgorithm.EDDSA, SignatureAlgorithm.PS256, SignatureAlgorithm.RS256);
        private @Nullable PendingInputStore used;
        private Duration age = Duration.ofSeconds(60);
        private Duration ahead = Duration.ofSeconds(5);
        private byte @Nullable [] nonceSecret;
        private Duration noncePeriod = Duration.ofMinutes(5);
        private Clock clock = Clock.systemUTC();

        private Builder() {}

        /** Where used proofs are remembered; 100,000 of them in memory unless set. */
        public Builder used(PendingInputStore store) {
            used = store;
            return this;
        }

        /** What proofs may be signed with; ES256, EdDSA, PS256 and RS256 unless set. */
        public Builder algorithms(Set<SignatureAlgorithm> accepted) {
            if (accepted.isEmpty() || accepted.stream().anyMatch(SignatureAlgorithm::isSymmetric)) {
                throw new IllegalArgumentException("Proofs are signed with a private key (RFC 9449 section 4.3)");
            }
            algorithms = accepted;
            return this;
        }

        /**
         * How old a proof may be, and how far ahead a client's clock.
         *
         * @param newAge up to 5 minutes; 60 s unless set
         * @param newAhead up to 60 s; 5 s unless set
         */
        public Builder window(Duration newAge, Duration newAhead) {
            if (newAge.compareTo(Duration.ofMinutes(5)) > 0 || newAhead.compareTo(Duration.ofSeconds(60)) > 0) {
                throw new IllegalArgumentException("A proof is of now: at most 5 minutes old, and 60 seconds ahead");
            }
            age = newAge;
            ahead = newAhead;
            return this;
        }

        /**
         * Wants a nonce of this server in each proof (RFC 9449 section 9); none unless set.
         *
         * @param secret at least 256 bits, the same at all replicas
         * @param period for which one is handed out; it is taken for one more
         */
        public Builder nonces(byte[] secret, Duration period) {
            if (period.toMillis() < 1000) {
                throw new IllegalArgumentException("The period of nonces is at least a second");
            }
            nonceSecret = secret.clone();
            noncePeriod = period;
            return this;
        }

        public Builder clock(Clock newClock) {
            clock = newClock;
            return this;
        }

        public DpopProofs build() {
            return new DpopProofs(this);
        }
    }
}
