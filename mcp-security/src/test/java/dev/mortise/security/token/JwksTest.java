package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.VerifierUnavailable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys that an issuer publishes, changes, and fails to publish. */
class JwksTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final KeyPair FIRST = Jose.rsa();
    private static final KeyPair SECOND = Jose.rsa();

    private final TestClock clock = new TestClock();
    private final FakeIssuer issuer = new FakeIssuer();
    private final Tokens tokens = new Tokens(issuer.id(), ENDPOINT, clock, "k1", FIRST);
    private final Tokens rotated = new Tokens(issuer.id(), ENDPOINT, clock, "k2", SECOND);
    private final JwtVerifier verifier = verifier(KeySource.jwks(issuer.url("/jwks")));

    @BeforeEach
    void publish() {
        issuer.publish("k1", FIRST);
    }

    @AfterEach
    void close() {
        issuer.close();
        assertThat(issuer.violations).isEmpty();
    }

    private JwtVerifier verifier(KeySource source) {
        return JwtVerifier.builder(ProtectedResources.of(ProtectedResource.of(ENDPOINT)))
                .issuer(TokenIssuer.of(issuer.id(), source))
                .clock(clock)
                .build();
    }

    private static Verdict verify(JwtVerifier verifier, String token) {
        return verifier.verify(new Presented(TestHead.of(ENDPOINT), "bearer", token));
    }

    private void good(String token) {
        assertThat(verify(verifier, token)).isInstanceOf(Verdict.Verified.class);
    }

    private static void refused(Verdict verdict, String reason) {
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(reason));
    }

    @Test
    void fetchesTheSetOnce() {
        for (int i = 0; i < 20; i++) {
            int number = i;
            good(tokens.with(claims -> claims.put("jti", "t" + number)));
        }
        assertThat(issuer.calls("/jwks")).isEqualTo(1);
    }

    @Test
    void fetchesTheSetOnceForManyAtOnce() throws Exception {
        issuer.gate = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                verdicts.add(threads.submit(() -> verify(verifier, tokens.good())));
            }
            Eventually.holds("the first request is there", () -> issuer.calls("/jwks") == 1);
            issuer.gate.countDown();
            for (Future<Verdict> verdict : verdicts) {
                assertThat(verdict.get()).isInstanceOf(Verdict.Verified.class);
            }
        }
        assertThat(issuer.calls("/jwks")).isEqualTo(1);
    }

    @Test
    void findsANewKeyByItsName() {
        good(tokens.good());
        issuer.publish("k2", SECOND);
        good(rotated.good());
        assertThat(issuer.calls("/jwks")).isEqualTo(2);
    }

    @Test
    void asksAtMostOnceInAWhileForNamesThatAreMadeUp() {
        good(tokens.good());
        for (int i = 0; i < 100; i++) {
            refused(
                    verify(verifier, new Tokens(issuer.id(), ENDPOINT, clock, "made-up-" + i, SECOND).good()),
                    "unknown-key");
        }
        assertThat(issuer.calls("/jwks")).isEqualTo(2);
        clock.advance(Duration.ofSeconds(31));
        refused(verify(verifier, new Tokens(issuer.id(), ENDPOINT, clock, "made-up-0", SECOND).good()), "unknown-key");
        assertThat(issuer.calls("/jwks"))
                .as("the first made-up name is remembered")
                .isEqualTo(2);
        issuer.publish("k2", SECOND);
        good(rotated.good());
        assertThat(issuer.calls("/jwks")).isEqualTo(3);
    }

    @Test
    void fetchesAheadInTheBackground() {
        issuer.cacheControl = "max-age=600";
        good(tokens.good());
        clock.advance(Duration.ofSeconds(479));
        good(tokens.good());
        assertThat(issuer.calls("/jwks")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(2));
        good(tokens.good());
        Eventually.holds("it was fetched again", () -> issuer.calls("/jwks") == 2);
    }

    @Test
    void livesThroughAnOutageWithTheLastGoodSet() {
        good(tokens.good());
        issuer.down = true;
        clock.advance(Duration.ofHours(23));
        good(tokens.good());
        clock.advance(Duration.ofHours(2));
        assertThatThrownBy(() -> verify(verifier, tokens.good())).isInstanceOf(VerifierUnavailable.class);
        issuer.down = false;
        clock.advance(Duration.ofSeconds(6));
        good(tokens.good());
    }

    @Test
    void cannotTellWhileTheFirstSetIsMissing() {
        issuer.down = true;
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> verify(verifier, tokens.good())).isInstanceOf(VerifierUnavailable.class);
        }
        assertThat(issuer.calls("/jwks")).as("it does not hammer").isEqualTo(1);
        issuer.down = false;
        clock.advance(Duration.ofSeconds(6));
        good(tokens.good());
    }

    @Test
    void forgetsTokensWhoseKeyWasRemoved() {
        String token = tokens.with(claims -> claims.put("exp", clock.seconds() + 86_400));
        good(token);
        issuer.keys.clear();
        issuer.publish("k2", SECOND);
        clock.advance(Duration.ofMinutes(9));
        Eventually.holds(
                "the token of the removed key is refused", () -> verify(verifier, token) instanceof Verdict.Invalid);
        refused(verify(verifier, token), "unknown-key");
    }

    @Test
    void ignoresSecretsAndPrivateKeysInASet() {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        issuer.keys.put(
                "oct",
                Json.object()
                        .put("kty", "oct")
                        .put("kid", "oct")
                        .put("k", Jose.base64(secret))
                        .put("alg", "HS256"));
        issuer.keys.put("leak", Jose.jwk(SECOND.getPublic()).put("kid", "leak").put("d", "AQAB"));
        issuer.keys.put("enc", Jose.jwk(SECOND.getPublic()).put("kid", "enc").put("use", "enc"));
        String header = "{'typ':'at+jwt','alg':'HS256','kid':'oct'}";
        refused(verify(verifier, Jose.hs256(header, Tokens.text(tokens.claims()), secret)), "wrong-algorithm");
        refused(verify(verifier, new Tokens(issuer.id(), ENDPOINT, clock, "leak", SECOND).good()), "unknown-key");
        refused(verify(verifier, new Tokens(issuer.id(), ENDPOINT, clock, "enc", SECOND).good()), "unknown-key");
        good(tokens.good());
    }

    @Test
    void doesNotLetAKeyBeUsedWithAnotherAlgorithmThanItsOwn() {
        issuer.keys.get("k1").put("alg", "RS512");
        refused(verify(verifier, tokens.good()), "unknown-key");
    }

    @Test
    void refusesSetsThatAreTooLargeOrNoJson() {
        issuer.keySet = new byte[300 * 1024];
        assertThatThrownBy(() -> verify(verifier, tokens.good())).isInstanceOf(VerifierUnavailable.class);
        issuer.keySet = "{\"keys\":[],\"keys\":[]}".getBytes(StandardCharsets.UTF_8);
        clock.advance(Duration.ofSeconds(6));
        assertThatThrownBy(() -> verify(verifier, tokens.good())).isInstanceOf(VerifierUnavailable.class);
    }

    @Test
    void followsNoRedirect() {
        JwtVerifier redirected = verifier(KeySource.jwks(issuer.url("/elsewhere")));
        assertThatThrownBy(() -> verify(redirected, tokens.good())).isInstanceOf(VerifierUnavailable.class);
        assertThat(issuer.calls("/jwks")).isZero();
    }

    @Test
    void takesNoUrlInTheClear() {
        for (String url : List.of("http://as.example.com/jwks", "ftp://127.0.0.1/jwks", "https://u@as.example/jwks")) {
            assertThatThrownBy(() -> KeySource.jwks(URI.create(url))).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void doesNotFetchFromWhereCloudsKeepTheirSecrets() {
        JwtVerifier metadata = verifier(KeySource.jwks(URI.create("https://169.254.169.254/jwks")));
        assertThatThrownBy(() -> verify(metadata, tokens.good())).isInstanceOf(VerifierUnavailable.class);
    }

    @Test
    void findsTheSetThroughTheMetadataOfTheVeryIssuer() {
        issuer.metadata = Json.object().put("issuer", issuer.id()).put("jwks_uri", issuer.id() + "/jwks");
        JwtVerifier discovering = verifier(KeySource.discovered(JwksOptions.defaults()));
        assertThat(verify(discovering, tokens.good())).isInstanceOf(Verdict.Verified.class);
        issuer.metadata.put("issuer", "https://honest.example");
        JwtVerifier fooled = verifier(KeySource.discovered(JwksOptions.defaults()));
        assertThatThrownBy(() -> verify(fooled, tokens.good())).isInstanceOf(VerifierUnavailable.class);
    }

    @Test
    void doesNotLetMetadataPointIntoThisNetwork() {
        for (String url : List.of(
                "https://10.0.0.1/jwks",
                "https://127.0.0.2/jwks",
                "https://[fd00::1]/jwks",
                "http://127.0.0.1:1/jwks",
                "https://169.254.169.254/jwks")) {
            issuer.metadata = Json.object().put("issuer", issuer.id()).put("jwks_uri", url);
            JwtVerifier discovering = verifier(KeySource.discovered(JwksOptions.defaults()));
            assertThatThrownBy(() -> verify(discovering, tokens.good()))
                    .as(url)
                    .isInstanceOf(VerifierUnavailable.class)
                    .cause()
                    .hasMessageContaining("is not used");
        }
    }
}
