package dev.mortise.security.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Authenticator.Admission;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.CredentialVerifier.Verdict;
import dev.mortise.security.token.TestClock;
import dev.mortise.security.token.TestHead;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What stands between a head and the verifiers. */
class BearerAuthenticatorTest {
    private static final String ONE = "https://one.example/mcp";
    private static final String TWO = "https://two.example/mcp";

    private final TestClock clock = new TestClock();

    private static BearerAuthenticator.Builder builder() {
        return BearerAuthenticator.builder(ResourceMetadata.of(ONE, "https://as.example", "basic"));
    }

    private static CredentialVerifier admitting(Environment environment) {
        return presented -> presented.token().equals("other")
                ? new Verdict.Pass()
                : new Verdict.Verified(Caller.of("ada")
                        .with(
                                Credential.ATTRIBUTE,
                                new Credential(Credential.Kind.JWT, "t1", environment, SecurityLevel.HIGH, null)));
    }

    private static TestHead bearer(String token) {
        return TestHead.of(ONE).with("Authorization", "Bearer " + token);
    }

    private static Refusal refused(BearerAuthenticator authenticator, Origin origin) {
        Admission admission = authenticator.authenticate(origin);
        assertThat(admission).isInstanceOf(Admission.Rejected.class);
        return ((Admission.Rejected) admission).refusal();
    }

    private static Caller admitted(BearerAuthenticator authenticator, Origin origin) {
        Admission admission = authenticator.authenticate(origin);
        assertThat(admission).isInstanceOf(Admission.Admitted.class);
        return ((Admission.Admitted) admission).caller();
    }

    @Test
    void asksTheNextVerifierWhereOnePasses() {
        BearerAuthenticator authenticator = builder()
                .verifier(admitting(null))
                .verifier(presented -> new Verdict.Invalid("invalid_token", "no", "second", "id"))
                .build();
        assertThat(admitted(authenticator, bearer("mine")).subject()).isEqualTo("ada");
        assertThat(refused(authenticator, bearer("other"))).isInstanceOf(Refusal.Unauthenticated.class);
    }

    @Test
    void refusesCredentialsOfAnotherEnvironment() {
        for (boolean required : List.of(true, false)) {
            BearerAuthenticator live = builder()
                    .verifier(admitting(Environment.TEST))
                    .environment(Environment.PRODUCTION, required)
                    .build();
            assertThat(refused(live, bearer("x")))
                    .isInstanceOfSatisfying(
                            Refusal.Unauthenticated.class,
                            refusal ->
                                    assertThat(refusal.challenges().getFirst()).contains("environment"));
        }
        BearerAuthenticator strict = builder()
                .verifier(admitting(null))
                .environment(Environment.PRODUCTION, true)
                .build();
        refused(strict, bearer("x"));
        BearerAuthenticator lenient = builder()
                .verifier(admitting(null))
                .environment(Environment.PRODUCTION, false)
                .build();
        admitted(lenient, bearer("x"));
    }

    @Test
    void refusesACallerThatHasEnded() {
        BearerAuthenticator authenticator = builder()
                .verifier(presented ->
                        new Verdict.Verified(((Verdict.Verified) admitting(null).verify(presented))
                                .caller()
                                .withExpiry(clock.instant())))
                .clock(clock)
                .build();
        refused(authenticator, bearer("x"));
    }

    @Test
    void refusesLongTokensBeforeAVerifierSeesThem() {
        BearerAuthenticator authenticator = builder()
                .verifier(presented -> {
                    throw new AssertionError("asked");
                })
                .maxTokenLength(100)
                .build();
        refused(authenticator, bearer("a".repeat(101)));
    }

    @Test
    void letsNobodySpeakOverStdioUnlessToldWho() {
        LocalProcess origin = new LocalProcess();
        refused(builder().verifier(admitting(null)).build(), origin);
        assertThatThrownBy(() -> builder().localCaller(Caller.local())).isInstanceOf(IllegalArgumentException.class);
        Caller local = Caller.of("operator")
                .with(
                        Credential.ATTRIBUTE,
                        new Credential(Credential.Kind.LOCAL, "stdio", null, SecurityLevel.MEDIUM, null));
        assertThat(admitted(
                        builder().verifier(admitting(null)).localCaller(local).build(), origin))
                .isEqualTo(local);
    }

    @Test
    void admitsAnonymousCallersOnlyWhereAllowedAndNeverWithABadToken() {
        BearerAuthenticator open =
                builder().verifier(admitting(null)).allowAnonymous().build();
        assertThat(admitted(open, TestHead.of(ONE))).isEqualTo(Caller.anonymous());
        refused(open, bearer("other"));
        refused(open, TestHead.of(ONE).with("Authorization", "Bearer"));
    }

    @Test
    void aVerifierThatBreaksAdmitsNobody() {
        BearerAuthenticator authenticator = builder()
                .verifier(presented -> {
                    throw new IllegalStateException("bug");
                })
                .build();
        assertThatThrownBy(() -> authenticator.authenticate(bearer("x"))).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void whatCannotBeToldIsNoRefusalOfTheCredential() {
        BearerAuthenticator issuerDown = builder()
                .verifier(presented -> {
                    throw new VerifierUnavailable("The authorization server", Duration.ofSeconds(7), null);
                })
                .build();
        assertThat(refused(issuerDown, bearer("x")))
                .isEqualTo(new Refusal.DependencyUnavailable("The authorization server", Duration.ofSeconds(7)));
        BearerAuthenticator storeDown = builder()
                .verifier(presented -> {
                    throw new StoreUnavailable("redis at 10.0.0.1 is down");
                })
                .build();
        assertThat(refused(storeDown, bearer("x")))
                .isInstanceOfSatisfying(
                        Refusal.DependencyUnavailable.class,
                        refusal -> assertThat(refusal.dependency()).doesNotContain("10.0.0.1"));
    }

    @Test
    void eachEndpointHasItsOwnDocument() throws Exception {
        BearerAuthenticator authenticator = BearerAuthenticator.builder(
                        ResourceMetadata.of(ONE, "https://as-one.example", "one"),
                        ResourceMetadata.of(TWO, "https://as-two.example", "two"),
                        ResourceMetadata.of("https://two.example/second", "https://as-three.example"))
                .verifier(admitting(null))
                .build();
        Map<String, HttpRoute> routes = authenticator.routes().stream()
                .collect(java.util.stream.Collectors.toMap(HttpRoute::path, each -> each));
        String wellKnown = "/.well-known/oauth-protected-resource";
        assertThat(routes).containsOnlyKeys(wellKnown, wellKnown + "/mcp", wellKnown + "/second");
        assertThat(server(routes.get(wellKnown + "/mcp"), "https://one.example"))
                .isEqualTo("https://as-one.example");
        assertThat(server(routes.get(wellKnown + "/mcp"), "https://two.example"))
                .isEqualTo("https://as-two.example");
        assertThat(server(routes.get(wellKnown + "/mcp"), "https://three.example"))
                .isEqualTo("404");
        assertThat(challenge(authenticator, ONE)).contains("https://one.example" + wellKnown + "/mcp", "scope=\"one\"");
        assertThat(challenge(authenticator, TWO)).contains("https://two.example" + wellKnown + "/mcp", "scope=\"two\"");
        assertThat(refused(authenticator, TestHead.of("https://three.example/mcp")))
                .isInstanceOf(Refusal.Custom.class);
    }

    private static String challenge(BearerAuthenticator authenticator, String uri) {
        return ((Refusal.Unauthenticated) refused(authenticator, TestHead.of(uri)))
                .challenges()
                .getFirst();
    }

    private static String server(HttpRoute route, String origin) throws Exception {
        HttpRoute.Response response =
                route.handler().handle(new HttpRoute.Request(TestHead.of(origin + route.path()), new byte[0]));
        if (response.status() != 200) {
            return Integer.toString(response.status());
        }
        JsonNode json = Json.read(response.body());
        return json.get("authorization_servers").get(0).stringValue();
    }
}
