package dev.mortise.mcp.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens that are bound to a key, and the proofs that one has it (RFC 9449). */
class DpopTest {
    private final AtomicInteger opened = new AtomicInteger();
    private final ManualClock clock = new ManualClock();
    private FakeAuthorizationServer as;
    private FakeResource resource;

    @BeforeEach
    void start() throws IOException {
        as = new FakeAuthorizationServer();
        as.dpop = true;
        resource = new FakeResource(as);
    }

    @AfterEach
    void nothingWasWrong() {
        as.close();
        resource.close();
        assertThat(as.violations).isEmpty();
        assertThat(resource.violations).isEmpty();
    }

    private AuthorizationCodeBuilder user() {
        return OAuth.authorizationCode()
                .dynamicRegistration(ClientMetadata.named("Test"))
                .browser(Caller.obliging(opened))
                .clock(clock);
    }

    @Test
    void tokensAreBoundWhereBothServersKnowHow() throws IOException {
        Caller caller = new Caller(resource.url(), user().build());
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(as.tokens.values()).allMatch(issued -> issued.thumbprint().isPresent());
        assertThat(as.authorizations.get(0).get("dpop_jkt"))
                .isEqualTo(as.tokens.values().iterator().next().thumbprint().orElseThrow());
        assertThat(as.registrations.get(0).path("dpop_bound_access_tokens").asBoolean())
                .isTrue();
    }

    @Test
    void bothServersGiveNonces() throws IOException {
        as.nonce = Optional.of("of-as");
        resource.nonce = Optional.of("of-rs");
        Caller caller = new Caller(resource.url(), user().build());
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(opened).hasValue(1);
        resource.nonce = Optional.of("of-rs-2");
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(resource.calls("POST /mcp")).isEqualTo(5);
    }

    @Test
    void aServerThatNeverLikesANonceEnds() throws IOException {
        AtomicInteger count = new AtomicInteger();
        Caller caller = new Caller(resource.url(), user().build());
        assertThat(caller.call("x")).isEqualTo(200);
        as.token = exchange -> {
            exchange.getResponseHeaders().set("DPoP-Nonce", "n" + count.incrementAndGet());
            WebServer.error(exchange, 400, "use_dpop_nonce");
            return true;
        };
        resource.revoked.addAll(as.tokens.keySet());
        assertThatExceptionOfType(AuthorizationException.class).isThrownBy(() -> caller.call("x"));
        assertThat(count).hasValue(2);
    }

    @Test
    void theKeySurvivesARestartWithItsTokens() throws IOException {
        as.refreshes = true;
        TokenStore store = TokenStore.inMemory();
        assertThat(new Caller(resource.url(), user().tokens(store).build()).call("x"))
                .isEqualTo(200);
        clock.advance(Duration.ofHours(2));
        assertThat(new Caller(resource.url(), user().tokens(store).build()).call("x"))
                .isEqualTo(200);
        assertThat(opened).hasValue(1);
        assertThat(as.tokens.values())
                .extracting(FakeAuthorizationServer.Issued::thumbprint)
                .hasSize(2)
                .containsOnly(as.tokens.values().iterator().next().thumbprint());
    }

    /** Names share locks in the file: of names that end in sixteen letters in a row, each meets another lock. */
    @Test
    void theFileKeepsKeysForEveryServer(@TempDir Path folder) throws IOException {
        as.refreshes = true;
        for (char last = 'a'; last <= 'p'; last++) {
            resource.path = "/mcp/" + last;
            for (int run = 0; run < 2; run++) {
                TokenStore store = EncryptedFileTest.store(folder.resolve("tokens"), 1);
                assertThat(new Caller(
                                        resource.url(),
                                        user().dpop().tokens(store).build())
                                .call("x"))
                        .isEqualTo(200);
                clock.advance(Duration.ofHours(2));
            }
        }
        assertThat(opened).hasValue(16);
    }

    @Test
    void aServerDoesNotLearnTheKeyOfAnother() throws IOException {
        TokenStore store = TokenStore.inMemory();
        try (FakeResource other = new FakeResource(as)) {
            assertThat(new Caller(resource.url(), user().tokens(store).build()).call("x"))
                    .isEqualTo(200);
            assertThat(new Caller(other.url(), user().tokens(store).build()).call("x"))
                    .isEqualTo(200);
            assertThat(other.violations).isEmpty();
        }
        assertThat(as.tokens.values())
                .extracting(FakeAuthorizationServer.Issued::thumbprint)
                .doesNotHaveDuplicates()
                .hasSize(2);
    }

    @Test
    void whoInsistsTakesNoTokenThatIsNotBound() {
        as.tokenAnswer = json -> json.put("token_type", "Bearer");
        refused(Reason.TOKEN);
        as.dpop = false;
        refused(Reason.UNSUPPORTED);
        assertThat(as.tokenRequests).hasSize(1);
    }

    private void refused(Reason reason) {
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> new Caller(resource.url(), user().dpop().build()).call("x"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
