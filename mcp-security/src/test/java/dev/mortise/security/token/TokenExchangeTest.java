package dev.mortise.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.security.auth.CredentialVerifier;
import dev.mortise.security.auth.CredentialVerifier.Presented;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.token.TokenExchange.Target;
import dev.mortise.security.token.TokenExchangeException.Reason;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Tokens for other APIs, made of the caller's. */
class TokenExchangeTest {
    private static final Target CALENDAR = Target.of("https://calendar.example", "events:read", "events:list");

    private final TestClock clock = new TestClock();
    private final FakeIssuer issuer = new FakeIssuer();
    private final TokenExchange exchange = TokenExchange.builder(
                    issuer.url("/token"), ClientAuthentication.basic(FakeIssuer.CLIENT, () -> FakeIssuer.SECRET))
            .clock(clock)
            .build();

    @AfterEach
    void close() {
        issuer.close();
        assertThat(issuer.violations).isEmpty();
    }

    private Caller caller(String subject, String token) {
        CredentialVerifier verifier = presented -> new Verdict.Verified(
                Caller.of(subject).withExpiry(clock.instant().plusSeconds(600)));
        return ((Verdict.Verified) exchange.keeping(verifier)
                        .verify(new Presented(TestHead.of("https://mcp.example.com/mcp"), "bearer", token)))
                .caller();
    }

    @Test
    void exchangesTheCallersToken() {
        DownstreamToken token = exchange.tokenFor(caller("ada", "inbound"), CALENDAR);
        assertThat(token.authorization()).isEqualTo("Bearer downstream-1");
        assertThat(token.toString()).doesNotContain("downstream-1");
        assertThat(issuer.exchanges)
                .containsExactly(Map.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        "inbound",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                        "requested_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                        "resource",
                        "https://calendar.example",
                        "scope",
                        "events:list events:read"));
    }

    @Test
    void keepsTokensForEachCallerAndTarget() {
        Caller ada = caller("ada", "inbound-a");
        assertThat(exchange.tokenFor(ada, CALENDAR)).isEqualTo(exchange.tokenFor(ada, CALENDAR));
        assertThat(exchange.tokenFor(caller("bob", "inbound-b"), CALENDAR).value())
                .isEqualTo("downstream-2");
        assertThat(exchange.tokenFor(ada, Target.ofAudience("mail")).value()).isEqualTo("downstream-3");
        clock.advance(Duration.ofSeconds(270));
        assertThat(exchange.tokenFor(ada, CALENDAR).value()).isEqualTo("downstream-4");
        exchange.forget(ada);
        assertThat(exchange.tokenFor(ada, CALENDAR).value()).isEqualTo("downstream-5");
    }

    /** Of one person there are tokens that may more and tokens that may less, bound or for a moment. */
    @Test
    void whatAnotherTokenOfTheSamePersonWasExchangedForIsNotGivenOut() {
        assertThat(exchange.tokenFor(caller("ada", "wide"), CALENDAR).value()).isEqualTo("downstream-1");
        assertThat(exchange.tokenFor(caller("ada", "narrow"), CALENDAR).value()).isEqualTo("downstream-2");
        assertThat(issuer.exchanges)
                .extracting(form -> form.get("subject_token"))
                .containsExactly("wide", "narrow");
    }

    @Test
    void doesNotKeepATokenLongerThanWhatItWasMadeOf() {
        issuer.exchangeAnswer = Json.object()
                .put("access_token", "long")
                .put("token_type", "bearer")
                .put("expires_in", 86_400);
        Caller ada = caller("ada", "inbound");
        assertThat(exchange.tokenFor(ada, CALENDAR).expiresAt())
                .isEqualTo(clock.instant().plusSeconds(600));
    }

    @Test
    void neverPassesTheCallersTokenOn() {
        issuer.exchangeAnswer = Json.object()
                .put("access_token", "inbound")
                .put("token_type", "Bearer")
                .put("expires_in", 300);
        Caller ada = caller("ada", "inbound");
        assertThatThrownBy(() -> exchange.tokenFor(ada, CALENDAR))
                .isInstanceOfSatisfying(
                        TokenExchangeException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
        assertThat(SubjectToken.class.getModifiers() & java.lang.reflect.Modifier.PUBLIC)
                .as("no tool can name what holds the token")
                .isZero();
        assertThat(ada.get(SubjectToken.ATTRIBUTE).orElseThrow().toString()).doesNotContain("inbound");
    }

    @Test
    void saysWhyThereIsNone() {
        assertThatThrownBy(() -> exchange.tokenFor(Caller.of("key"), CALENDAR))
                .isInstanceOfSatisfying(
                        TokenExchangeException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.NO_TOKEN));
        Caller ada = caller("ada", "inbound");
        issuer.exchangeAnswer = Json.object().put("error", "invalid_target").put("error_description", "inbound!");
        issuer.exchangeStatus = 400;
        assertThatThrownBy(() -> exchange.tokenFor(ada, CALENDAR))
                .hasMessageContaining("invalid_target")
                .hasMessageNotContaining("inbound")
                .isInstanceOfSatisfying(
                        TokenExchangeException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED));
        issuer.down = true;
        assertThatThrownBy(() -> exchange.tokenFor(ada, CALENDAR))
                .isInstanceOfSatisfying(
                        TokenExchangeException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
    }
}
