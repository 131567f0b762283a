package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.security.Credential;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.VerifierUnavailable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Tokens that only their issuer understands. */
class IntrospectionTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String TOKEN = "opaque-1";

    private final TestClock clock = new TestClock();
    private final FakeIssuer issuer = new FakeIssuer();
    private final IntrospectionVerifier verifier = verifier(FakeIssuer.SECRET);

    @BeforeEach
    void issue() {
        issuer.tokens.put(
                TOKEN,
                Json.object()
                        .put("active", true)
                        .put("sub", "ada")
                        .put("aud", ENDPOINT)
                        .put("scope", "files:read")
                        .put("exp", clock.seconds() + 300));
    }

    @AfterEach
    void close() {
        issuer.close();
        assertThat(issuer.violations).isEmpty();
    }

    private IntrospectionVerifier verifier(String secret) {
        return settings(secret).build();
    }

    private IntrospectionVerifier.Builder settings(String secret) {
        return IntrospectionVerifier.builder(
                        ProtectedResources.of(ProtectedResource.of(ENDPOINT)),
                        issuer.id(),
                        issuer.url("/introspect"),
                        ClientAuthentication.basic(FakeIssuer.CLIENT, () -> secret))
                .clock(clock);
    }

    private Verdict verify(String token) {
        return verifier.verify(new Presented(TestHead.of(ENDPOINT), "bearer", token));
    }

    private void refused(String reason) {
        assertThat(verify(TOKEN))
                .isInstanceOfSatisfying(
                        Verdict.Invalid.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(reason));
    }

    private ObjectNode answer() {
        return issuer.tokens.get(TOKEN);
    }

    @Test
    void believesAnAnswerForAWhile() {
        for (int i = 0; i < 10; i++) {
            assertThat(verify(TOKEN)).isInstanceOfSatisfying(Verdict.Verified.class, verified -> {
                assertThat(verified.caller().subject()).isEqualTo("ada");
                assertThat(verified.caller()
                                .get(Credential.ATTRIBUTE)
                                .orElseThrow()
                                .kind())
                        .isEqualTo(Credential.Kind.OPAQUE_TOKEN);
                assertThat(verified.caller()
                                .get(Credential.ATTRIBUTE)
                                .orElseThrow()
                                .id())
                        .startsWith("sha256:")
                        .doesNotContain(TOKEN);
            });
        }
        assertThat(issuer.calls("/introspect")).isEqualTo(1);
        issuer.tokens.clear();
        clock.advance(Duration.ofSeconds(60));
        refused("inactive");
        refused("inactive");
        assertThat(issuer.calls("/introspect")).isEqualTo(2);
    }

    @Test
    void tellsOfTokensThatWereTakenBackAndNotOfThoseThatHaveComeToTheirEnd() {
        List<String> heard = new ArrayList<>();
        IntrospectionVerifier telling = settings(FakeIssuer.SECRET)
                .whenInactive(facts -> heard.add(facts.subject()))
                .build();
        Presented presented = new Presented(TestHead.of(ENDPOINT), "bearer", TOKEN);
        assertThat(telling.verify(presented)).isInstanceOf(Verdict.Verified.class);
        ObjectNode active = issuer.tokens.remove(TOKEN);
        clock.advance(Duration.ofSeconds(60));
        assertThat(telling.verify(presented)).isInstanceOf(Verdict.Invalid.class);
        assertThat(heard).containsExactly("ada");

        issuer.tokens.put(TOKEN, active);
        clock.advance(Duration.ofSeconds(10));
        assertThat(telling.verify(presented)).isInstanceOf(Verdict.Verified.class);
        issuer.tokens.clear();
        clock.advance(Duration.ofSeconds(300));
        assertThat(telling.verify(presented)).isInstanceOf(Verdict.Invalid.class);
        assertThat(heard).as("its end had come").containsExactly("ada");
    }

    @Test
    void tellsOfATokenWithoutAnEndForAsLongAsOthersMayBelieveInIt() {
        List<Instant> heard = new ArrayList<>();
        IntrospectionVerifier telling = settings(FakeIssuer.SECRET)
                .whenInactive(facts -> heard.add(facts.expiresAt()))
                .build();
        answer().remove("exp");
        Presented presented = new Presented(TestHead.of(ENDPOINT), "bearer", TOKEN);
        assertThat(telling.verify(presented)).isInstanceOf(Verdict.Verified.class);
        issuer.tokens.clear();
        clock.advance(Duration.ofSeconds(90));
        assertThat(telling.verify(presented)).isInstanceOf(Verdict.Invalid.class);
        assertThat(heard).containsExactly(clock.instant().plusSeconds(60));
    }

    /** By its name it is revoked, and found in logs: what cannot be looked up there is no name. */
    @Test
    void namesATokenByItsIdOnlyIfThatIsOne() {
        answer().put("jti", "t-1");
        assertThat(idOf(TOKEN)).isEqualTo("t-1");
        for (String id : List.of("a\0b", "a b", "x".repeat(129), "")) {
            verifier.evict(facts -> true);
            answer().put("jti", id);
            assertThat(idOf(TOKEN)).startsWith("sha256:");
        }
    }

    private String idOf(String token) {
        return ((Verdict.Verified) verify(token))
                .caller()
                .get(Credential.ATTRIBUTE)
                .orElseThrow()
                .id();
    }

    @Test
    void asksAgainAboutAnEvictedToken() {
        assertThat(verify(TOKEN)).isInstanceOf(Verdict.Verified.class);
        issuer.tokens.clear();
        verifier.evict(facts -> facts.subject().equals("ada"));
        refused("inactive");
    }

    @Test
    void anAnswerThatWasUnderWayIsEvictedToo() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        issuer.gate = gate;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Verdict> before = threads.submit(() -> verify(TOKEN));
            Eventually.holds("it is asked", () -> issuer.calls("/introspect") == 1);
            verifier.evict(facts -> true);
            gate.countDown();
            before.get();
        }
        issuer.tokens.clear();
        refused("inactive");
    }

    @Test
    void doesNotBelieveItBeyondTheTokensEnd() {
        answer().put("exp", clock.seconds() + 20);
        assertThat(verify(TOKEN)).isInstanceOf(Verdict.Verified.class);
        clock.advance(Duration.ofSeconds(20));
        refused("expired");
    }

    @Test
    void asksOnceForManyAtOnce() throws Exception {
        issuer.gate = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Verdict>> verdicts = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                verdicts.add(threads.submit(() -> verify(TOKEN)));
            }
            Eventually.holds("the first request is there", () -> issuer.calls("/introspect") == 1);
            issuer.gate.countDown();
            for (Future<Verdict> verdict : verdicts) {
                assertThat(verdict.get()).isInstanceOf(Verdict.Verified.class);
            }
        }
        assertThat(issuer.calls("/introspect")).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNotForThisServer() {
        answer().put("aud", "https://other.example");
        refused("wrong-audience");
    }

    @Test
    void refusesWhatIsForNobodyInParticular() {
        answer().remove("aud");
        refused("wrong-audience");
    }

    @Test
    void refusesAnotherIssuer() {
        answer().put("iss", "https://other.example");
        refused("wrong-issuer");
    }

    @Test
    void refusesTheFuture() {
        answer().put("nbf", clock.seconds() + 61);
        refused("not-yet-valid");
    }

    @Test
    void refusesABoundTokenWithoutItsProof() {
        answer().putObject("cnf").put("jkt", "x");
        refused("bound");
    }

    @Test
    void cannotTellWhileTheIssuerIsDown() {
        issuer.down = true;
        assertThatThrownBy(() -> verify(TOKEN)).isInstanceOf(VerifierUnavailable.class);
        issuer.down = false;
        assertThat(verify(TOKEN)).as("an outage is not remembered").isInstanceOf(Verdict.Verified.class);
    }

    @Test
    void doesNotBlameATokenForItsOwnWrongSecret() {
        IntrospectionVerifier misconfigured = verifier("wrong");
        assertThatThrownBy(() -> misconfigured.verify(new Presented(TestHead.of(ENDPOINT), "bearer", TOKEN)))
                .isInstanceOf(VerifierUnavailable.class);
    }

    @Test
    void doesNotTakeAnAnswerThatIsNone() {
        answer().put("active", "true");
        assertThatThrownBy(() -> verify(TOKEN)).isInstanceOf(VerifierUnavailable.class);
    }
}
