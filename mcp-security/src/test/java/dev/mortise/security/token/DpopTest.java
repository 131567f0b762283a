package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.InMemoryPendingInputStore;
import dev.mortise.mcp.store.PendingInputStore;
import dev.mortise.mcp.store.SharedServers;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.store.TestRedis;
import dev.mortise.mcp.store.redis.JedisRedis;
import dev.mortise.mcp.store.redis.RedisStores;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.auth.DpopProofs;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.SenderConstraints;
import dev.mortise.security.auth.SignatureAlgorithm;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Tokens that are bound to a key, and every way in which a proof can be wrong (RFC 9449 section 4.3). */
class DpopTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String ISSUER = "https://as.example.com";
    private static final KeyPair KEY = Jose.rsa();

    private final TestClock clock = new TestClock();
    private final Proof proof = Proof.of(ENDPOINT, clock);
    private final Tokens tokens = new Tokens(ISSUER, ENDPOINT, clock, "k1", KEY);
    private final String token = bound(proof);
    private final JwtVerifier verifier = verifier(
            SenderConstraints.none().dpop(DpopProofs.builder().clock(clock).build()));

    private String bound(Proof to) {
        return tokens.with(claims -> claims.putObject("cnf").put("jkt", to.thumbprint()));
    }

    private JwtVerifier verifier(SenderConstraints constraints) {
        return JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                .issuer(TokenIssuer.of(ISSUER, KeySource.keys(Map.of("k1", KEY.getPublic()))))
                .constraints(constraints)
                .clock(clock)
                .build();
    }

    private Verdict verify(String text) {
        return verify(verifier, "dpop", token, text);
    }

    private static Verdict verify(JwtVerifier verifier, String scheme, String token, String... proofs) {
        TestHead head = TestHead.of(ENDPOINT);
        for (String each : proofs) {
            head = head.with("DPoP", each);
        }
        return verifier.verify(new Presented(head, scheme, token));
    }

    private static Verdict.Invalid refused(Verdict verdict, String reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(reason));
        return (Verdict.Invalid) verdict;
    }

    private static void good(Verdict verdict) {
        assertThat(verdict).isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void takesEachProofOnce() {
        String once = proof.good(token);
        good(verify(once));
        assertThat(refused(verify(once), "dpop-replayed").error()).isEqualTo("invalid_dpop_proof");
        good(verify(proof.good(token)));
    }

    @Test
    void doesNotTakeABoundTokenAsAPlainOne() {
        refused(verify(verifier, "bearer", token), "bound");
        refused(verify(verifier, "bearer", token, proof.good(token)), "bound");
    }

    @Test
    void doesNotTakeAPlainTokenWithAProof() {
        refused(verify(verifier, "dpop", tokens.good(), proof.good(tokens.good())), "not-dpop-bound");
    }

    @Test
    void takesPlainTokensUnlessBoundOnesAreRequired() {
        good(verify(verifier, "bearer", tokens.good()));
        JwtVerifier strict = verifier(SenderConstraints.none()
                .dpop(DpopProofs.builder().clock(clock).build())
                .required());
        refused(verify(strict, "bearer", tokens.good()), "not-bound");
    }

    @Test
    void wantsOneProof() {
        refused(verify(verifier, "dpop", token), "dpop-field");
        refused(verify(verifier, "dpop", token, proof.good(token), proof.good(token)), "dpop-field");
        refused(verify("not a jwt"), "dpop-malformed");
        refused(verify("e30.e30." + "A".repeat(9000)), "dpop-malformed");
    }

    @Test
    void wantsTheTypeOfAProof() {
        refused(verify(proof.headed(token, header -> header.put("typ", "JWT"))), "dpop-typ");
    }

    @Test
    void wantsAnAsymmetricAlgorithmOfItsList() {
        refused(verify(proof.headed(token, header -> header.put("alg", "none"))), "dpop-algorithm");
        refused(verify(proof.headed(token, header -> header.put("alg", "HS256"))), "dpop-algorithm");
        assertThatThrownBy(() -> DpopProofs.builder().algorithms(Set.of(SignatureAlgorithm.HS256)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void wantsAPublicKeyInTheHeader() {
        refused(verify(proof.headed(token, header -> header.remove("jwk"))), "dpop-key");
        refused(verify(proof.headed(token, header -> ((ObjectNode) header.get("jwk")).put("d", "AA"))), "dpop-key");
        refused(verify(proof.headed(token, header -> ((ObjectNode) header.get("jwk")).put("x", "AA"))), "dpop-key");
        refused(
                verify(proof.headed(
                        token,
                        header -> header.putObject("jwk").put("kty", "oct").put("k", "AA"))),
                "dpop-key");
    }

    @Test
    void wantsNoKeyByReference() {
        refused(verify(proof.headed(token, header -> header.put("jku", "https://evil.example"))), "dpop-header-jku");
        refused(verify(proof.headed(token, header -> header.putArray("crit").add("exp"))), "dpop-header-crit");
    }

    @Test
    void wantsTheKeyOfTheToken() {
        refused(verify(Proof.of(ENDPOINT, clock).good(token)), "dpop-other-key");
    }

    @Test
    void wantsASignatureOfThatKey() {
        Proof thief = new Proof(new KeyPair(proof.key().getPublic(), Jose.ec().getPrivate()), ENDPOINT, clock);
        refused(verify(thief.good(token)), "dpop-signature");
    }

    @Test
    void wantsTheMethodAndTheUri() {
        refused(verify(proof.with(token, claims -> claims.put("htm", "GET"))), "dpop-htm");
        refused(verify(proof.with(token, claims -> claims.put("htm", "post"))), "dpop-htm");
        for (String other : Set.of(
                "https://evil.example/mcp",
                "http://mcp.example.com/mcp",
                "https://mcp.example.com:8443/mcp",
                "https://mcp.example.com/mcp/x",
                "not a uri",
                "/mcp",
                "mailto:x")) {
            refused(verify(proof.with(token, claims -> claims.put("htu", other))), "dpop-htu");
        }
        for (String same : Set.of(
                "https://MCP.example.com:443/mcp",
                "https://mcp.example.com/mcp?x=1#y",
                "HTTPS://mcp.example.com/a/../mcp")) {
            good(verify(proof.with(token, claims -> claims.put("htu", same))));
        }
    }

    @Test
    void wantsTheHashOfTheToken() {
        refused(verify(proof.with(token, claims -> claims.remove("ath"))), "dpop-ath");
        refused(verify(proof.good(token + "x")), "dpop-ath");
    }

    @Test
    void wantsAProofOfNow() {
        refused(verify(proof.with(token, claims -> claims.put("iat", clock.seconds() - 61))), "dpop-iat");
        refused(verify(proof.with(token, claims -> claims.put("iat", clock.seconds() + 6))), "dpop-iat");
        refused(verify(proof.with(token, claims -> claims.remove("iat"))), "dpop-claims");
        refused(verify(proof.with(token, claims -> claims.remove("jti"))), "dpop-claims");
        good(verify(proof.with(token, claims -> claims.put("iat", clock.seconds() - 60))));
    }

    @Test
    void doesNotForgetAProofBeforeItIsTooOld() {
        String early = proof.with(token, claims -> claims.put("iat", clock.seconds() + 5));
        good(verify(early));
        clock.advance(Duration.ofSeconds(65));
        refused(verify(early), "dpop-replayed");
        clock.advance(Duration.ofSeconds(1));
        refused(verify(early), "dpop-iat");
    }

    @Test
    void takesNoProofWhenItCannotRememberMore() {
        JwtVerifier small = verifier(SenderConstraints.none()
                .dpop(DpopProofs.builder()
                        .used(new InMemoryPendingInputStore(2, clock))
                        .clock(clock)
                        .build()));
        good(verify(small, "dpop", token, proof.good(token)));
        good(verify(small, "dpop", token, proof.good(token)));
        refused(verify(small, "dpop", token, proof.good(token)), "dpop-replayed");
        clock.advance(Duration.ofSeconds(63));
        good(verify(small, "dpop", token, proof.good(token)));
    }

    @Test
    void asksForNonces() {
        byte[] secret = new byte[32];
        JwtVerifier asking = verifier(SenderConstraints.none()
                .dpop(DpopProofs.builder()
                        .nonces(secret, Duration.ofMinutes(5))
                        .clock(clock)
                        .build()));
        Verdict.Invalid first = refused(verify(asking, "dpop", token, proof.good(token)), "dpop-nonce");
        assertThat(first.error()).isEqualTo("use_dpop_nonce");
        AtomicReference<String> nonce = new AtomicReference<>(first.headers().get("DPoP-Nonce"));
        String answered = proof.with(token, claims -> claims.put("nonce", nonce.get()));
        good(verify(asking, "dpop", token, answered));
        clock.advance(Duration.ofMinutes(5));
        String late = proof.with(
                bound(proof), claims -> claims.put("nonce", nonce.get()).put("ath", Jose.sha256(bound(proof))));
        good(verify(asking, "dpop", bound(proof), late));
        clock.advance(Duration.ofMinutes(5));
        String old = bound(proof);
        String stale = proof.with(old, claims -> claims.put("nonce", nonce.get()));
        refused(verify(asking, "dpop", old, stale), "dpop-nonce");
    }

    /** Two replicas, one Redis: a proof that one of them took is used up at the other. */
    @Test
    void takesAProofOnceAcrossReplicas() {
        Clock now = Clock.systemUTC();
        try (JedisRedis redis = JedisRedis.connect(SharedServers.redis().uri(), Duration.ofSeconds(5))) {
            String prefix = "dpop" + UUID.randomUUID();
            PendingInputStore one = RedisStores.of(redis).prefix(prefix).pendingInputs();
            PendingInputStore two = RedisStores.of(redis).prefix(prefix).pendingInputs();
            Proof client = Proof.of(ENDPOINT, now);
            Tokens live = new Tokens(ISSUER, ENDPOINT, now, "k1", KEY);
            String bound = live.with(claims -> claims.putObject("cnf").put("jkt", client.thumbprint()));
            String text = client.good(bound);
            good(verify(replica(one, now), "dpop", bound, text));
            refused(verify(replica(two, now), "dpop", bound, text), "dpop-replayed");
        }
    }

    @Test
    void takesNoProofWhileRedisIsGone() {
        try (TestRedis server = TestRedis.start();
                JedisRedis redis = JedisRedis.connect(server.uri(), Duration.ofSeconds(2))) {
            JwtVerifier remembering = verifier(SenderConstraints.none()
                    .dpop(DpopProofs.builder()
                            .used(RedisStores.of(redis).pendingInputs())
                            .clock(clock)
                            .build()));
            good(verify(remembering, "dpop", token, proof.good(token)));
            server.kill();
            assertThatThrownBy(() -> verify(remembering, "dpop", token, proof.good(token)))
                    .isInstanceOf(StoreUnavailable.class);
        }
    }

    private static JwtVerifier replica(PendingInputStore store, Clock now) {
        return JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                .issuer(TokenIssuer.of(ISSUER, KeySource.keys(Map.of("k1", KEY.getPublic()))))
                .constraints(SenderConstraints.none()
                        .dpop(DpopProofs.builder().used(store).build()))
                .clock(now)
                .build();
    }
}
