package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.secret.Secret;
import dev.mortise.security.secret.SecretUnavailable;
import dev.mortise.security.secret.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A secret that an issuer shares with its servers, while it is being changed. */
class SecretKeysTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String ISSUER = "https://as.example.com";
    private static final String FIRST = "first-89abcdef0123456789abcdef0123456789";
    private static final String SECOND = "second-9abcdef0123456789abcdef0123456789";
    private static final String THIRD = "third-89abcdef0123456789abcdef0123456789";
    private static final Duration OVERLAP = Duration.ofMinutes(3);

    private final TestClock clock = new TestClock();
    private final Map<String, String> vault = new ConcurrentHashMap<>(Map.of("jwt", FIRST));
    private volatile boolean down;

    /** Read anew each time. */
    private final Secrets secrets = Secrets.from(
            name -> {
                if (down) {
                    throw new java.io.IOException("the vault is closed");
                }
                return Optional.ofNullable(vault.get(name)).map(Secret::of);
            },
            Duration.ofNanos(1));

    @AfterEach
    void close() {
        secrets.close();
    }

    private JwtVerifier verifier(KeySource keys) {
        return JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                .issuer(TokenIssuer.of(ISSUER, keys))
                .clock(clock)
                .build();
    }

    private JwtVerifier changing(String... more) {
        return verifier(KeySource.secrets(secrets, OVERLAP, "jwt", more));
    }

    /** Each is another one: what is asked is not what is remembered. */
    private String token(String secret) {
        Tokens tokens = new Tokens(ISSUER, ENDPOINT, clock, "unused", null);
        return Jose.hs256(
                "{'typ':'at+jwt','alg':'HS256'}",
                Tokens.text(tokens.claims().put("jti", "t-" + System.nanoTime())),
                secret.getBytes(StandardCharsets.UTF_8));
    }

    private static String reason(JwtVerifier verifier, String token) {
        return switch (verifier.verify(new Presented(TestHead.of(ENDPOINT), "bearer", token))) {
            case Verdict.Verified verified -> "verified";
            case Verdict.Invalid invalid -> invalid.reason();
            case Verdict.Pass pass -> "pass";
        };
    }

    @Test
    void eachOfSeveralIsGood() {
        JwtVerifier both = verifier(KeySource.secrets(List.of(Secret.of(FIRST), Secret.of(SECOND))));
        assertThat(reason(both, token(FIRST))).isEqualTo("verified");
        assertThat(reason(both, token(SECOND))).isEqualTo("verified");
        assertThat(reason(both, token(THIRD))).isEqualTo("wrong-signature");
    }

    /** An issuer that shares a secret may well name it; the name says nothing to who has the secret. */
    @Test
    void aNameInTheTokenIsOfNoMatter() {
        JwtVerifier both = verifier(KeySource.secrets(List.of(Secret.of(FIRST), Secret.of(SECOND))));
        Tokens tokens = new Tokens(ISSUER, ENDPOINT, clock, "unused", null);
        String named = Jose.hs256(
                "{'typ':'at+jwt','alg':'HS256','kid':'2026-11'}",
                Tokens.text(tokens.claims()),
                SECOND.getBytes(StandardCharsets.UTF_8));
        assertThat(reason(both, named)).isEqualTo("verified");
    }

    @Test
    void theOneBeforeIsGoodForTheOverlapAndNoLonger() {
        JwtVerifier verifier = changing();
        String known = token(FIRST);
        assertThat(reason(verifier, known)).isEqualTo("verified");
        assertThat(reason(verifier, token(SECOND))).isEqualTo("wrong-signature");
        vault.put("jwt", SECOND);
        assertThat(reason(verifier, token(SECOND))).isEqualTo("verified");
        assertThat(reason(verifier, token(FIRST))).isEqualTo("verified");
        clock.advance(OVERLAP.minusMillis(1));
        assertThat(reason(verifier, token(FIRST))).isEqualTo("verified");
        assertThat(reason(verifier, known)).isEqualTo("verified");
        clock.advance(Duration.ofMillis(1));
        assertThat(reason(verifier, known))
                .as("also one that was verified before")
                .isEqualTo("wrong-signature");
        assertThat(reason(verifier, token(FIRST))).isEqualTo("wrong-signature");
        assertThat(reason(verifier, token(SECOND))).isEqualTo("verified");
    }

    @Test
    void oneThatIsTakenAwayIsGoodNoMore() {
        JwtVerifier verifier = changing();
        vault.put("jwt", SECOND);
        String known = token(SECOND);
        assertThat(reason(verifier, known)).isEqualTo("verified");
        vault.remove("jwt");
        assertThat(reason(verifier, known)).isEqualTo("unknown-key");
        assertThat(reason(verifier, token(FIRST))).isEqualTo("unknown-key");
        vault.put("jwt", THIRD);
        assertThat(reason(verifier, token(THIRD))).isEqualTo("verified");
        assertThat(reason(verifier, known)).isEqualTo("wrong-signature");
    }

    /** As a replica finds it that starts in the middle of a change. */
    @Test
    void theOneBeforeMayHaveANameOfItsOwn() {
        vault.put("jwt", SECOND);
        vault.put("jwt-previous", FIRST);
        JwtVerifier verifier = changing("jwt-previous");
        String known = token(FIRST);
        assertThat(reason(verifier, known)).isEqualTo("verified");
        assertThat(reason(verifier, token(SECOND))).isEqualTo("verified");
        vault.remove("jwt-previous");
        assertThat(reason(verifier, known)).isEqualTo("wrong-signature");
        assertThat(reason(verifier, token(SECOND))).isEqualTo("verified");
    }

    /** What goes from one name to the other was never gone. */
    @Test
    void whatMovesToAnotherNameOutlivesItsOverlap() {
        JwtVerifier verifier = changing("jwt-previous");
        String known = token(FIRST);
        assertThat(reason(verifier, known)).isEqualTo("verified");
        vault.put("jwt-previous", FIRST);
        vault.put("jwt", SECOND);
        assertThat(reason(verifier, token(SECOND))).isEqualTo("verified");
        clock.advance(OVERLAP.plusSeconds(1));
        assertThat(reason(verifier, known)).isEqualTo("verified");
        assertThat(reason(verifier, token(FIRST))).isEqualTo("verified");
    }

    @Test
    void ofManyChangesOnlyTheLastTwoOverlap() {
        JwtVerifier verifier = changing();
        for (int i = 0; i < 3; i++) {
            vault.put("jwt", i + "-" + SECOND);
            assertThat(reason(verifier, token(i + "-" + SECOND))).isEqualTo("verified");
        }
        assertThat(reason(verifier, token(FIRST))).isEqualTo("wrong-signature");
        assertThat(reason(verifier, token("0-" + SECOND))).isEqualTo("verified");
        assertThat(reason(verifier, token("1-" + SECOND))).isEqualTo("verified");
    }

    @Test
    void aWeakOneIsNotTakenAndTheOneBeforeIsUsedOn() {
        JwtVerifier verifier = changing();
        vault.put("jwt", "short");
        clock.advance(OVERLAP.plusSeconds(1));
        assertThat(reason(verifier, token(FIRST))).isEqualTo("verified");
        assertThat(reason(verifier, token("short"))).isEqualTo("wrong-signature");
        vault.put("jwt", SECOND);
        assertThat(reason(verifier, token(SECOND))).isEqualTo("verified");
        assertThat(reason(verifier, token(FIRST))).as("it overlaps from now on").isEqualTo("verified");
    }

    @Test
    void whileTheVaultIsClosedTheLastGoodOneIsUsed() {
        JwtVerifier verifier = changing();
        String known = token(FIRST);
        assertThat(reason(verifier, known)).isEqualTo("verified");
        down = true;
        clock.advance(OVERLAP.plusSeconds(1));
        assertThat(reason(verifier, known)).isEqualTo("verified");
        assertThat(reason(verifier, token(FIRST))).isEqualTo("verified");
    }

    @Test
    void aServerDoesNotStartWithoutOneOrWithAWeakOneAndSaysItsName() {
        assertThatThrownBy(() -> verifier(KeySource.secrets(secrets, OVERLAP, "other", "jwt")))
                .isInstanceOf(SecretUnavailable.class)
                .hasMessageContaining("other");
        vault.put("jwt", "a-word");
        assertThatThrownBy(this::changing)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jwt")
                .hasMessageContaining("256")
                .hasMessageNotContaining("a-word");
        assertThatThrownBy(() -> KeySource.secrets(List.of(Secret.of("a-word"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("a-word");
        assertThatThrownBy(() -> KeySource.secrets(List.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
