package dev.mortise.mcp.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mortise.mcp.client.HttpAuthorization;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user lets a client in, over real HTTP, at an authorization server that takes nothing that is not right. */
class AuthorizationCodeTest {
    private final ManualClock clock = new ManualClock();
    private final AtomicInteger opened = new AtomicInteger();
    private FakeAuthorizationServer as;
    private FakeResource resource;

    @BeforeEach
    void start() throws IOException {
        as = new FakeAuthorizationServer();
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
                .userTimeout(Duration.ofSeconds(10))
                .clock(clock);
    }

    private Caller caller(AuthorizationCodeBuilder builder) {
        return new Caller(resource.url(), builder.build());
    }

    @Test
    void aUserLetsTheClientInOnce() throws IOException {
        Caller caller = caller(user());
        assertThat(caller.call("tools/list")).isEqualTo(200);
        assertThat(caller.call("tools/list")).isEqualTo(200);
        assertThat(opened).hasValue(1);
        assertThat(resource.calls("POST /mcp")).as("one without a token").isEqualTo(3);
        assertThat(as.authorizations.get(0))
                .containsEntry("resource", resource.url().toString())
                .doesNotContainKeys("scope", "prompt", "dpop_jkt");
        assertThat(as.registrations.get(0).path("application_type").asString()).isEqualTo("native");
        assertThat(as.registrations.get(0).path("grant_types").toString()).contains("refresh_token");
    }

    @Test
    void theMetadataIsFoundWithoutAHint() throws IOException {
        resource.namesMetadata = false;
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(resource.calls("GET /.well-known/oauth-protected-resource")).isZero();
    }

    @Test
    void theMetadataOfTheWholeHostIsGoodEnoughAtTheRoot() throws IOException {
        resource.namesMetadata = false;
        resource.metadataPath = "/.well-known/oauth-protected-resource";
        assertThat(caller(user()).call("x")).isEqualTo(200);
    }

    @Test
    void issuersWithPathsAreAskedInTheOrderOfTheSpecification() throws IOException {
        as.path = "/tenant1";
        as.metadataPath = "/tenant1/.well-known/openid-configuration";
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(as.calls.stream().limit(3))
                .containsExactly(
                        "GET /.well-known/oauth-authorization-server/tenant1",
                        "GET /.well-known/openid-configuration/tenant1",
                        "GET /tenant1/.well-known/openid-configuration");
    }

    @Test
    void scopesComeFromTheChallengeElseFromTheResource() throws IOException {
        resource.metadata = json -> json.putArray("scopes_supported").add("a").add("b");
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(as.authorizations.get(0)).containsEntry("scope", "a b");

        resource.scope = "c";
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(as.authorizations.get(1)).containsEntry("scope", "c");

        assertThat(caller(user().scopes("mine")).call("x")).isEqualTo(200);
        assertThat(as.authorizations.get(2)).containsEntry("scope", "mine c");
    }

    @Test
    void offlineAccessIsAskedForWhereItIsKnownAndOnlyThere() throws IOException {
        resource.metadata = json -> json.putArray("scopes_supported").add("a").add("offline_access");
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(as.authorizations.get(0)).containsEntry("scope", "a").doesNotContainKey("prompt");

        as.metadata = json -> json.putArray("scopes_supported").add("a").add("offline_access");
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(as.authorizations.get(1))
                .containsEntry("scope", "a offline_access")
                .containsEntry("prompt", "consent");
    }

    @Test
    void missingScopesAreAddedToThoseThatThereAre() throws IOException {
        resource.scope = "read";
        resource.needs.put("tools/call", Set.of("write"));
        Caller caller = caller(user());
        assertThat(caller.call("tools/list")).isEqualTo(200);
        assertThat(caller.call("tools/call")).isEqualTo(200);
        assertThat(as.authorizations.get(1)).containsEntry("scope", "read write");
        assertThat(opened).hasValue(2);
    }

    @Test
    void scopesThatAuthorizingDoesNotBringAreGivenUp() throws IOException {
        resource.needs.put("tools/call", Set.of("write"));
        as.redirect = parameters -> {
            // The server grants nothing of what is asked for.
            as.tokenAnswer = json -> as.tokens.computeIfPresent(
                    json.path("access_token").asString(),
                    (token, issued) -> new FakeAuthorizationServer.Issued(
                            issued.client(), issued.resource(), Set.of(), issued.thumbprint()));
            return parameters;
        };
        Caller caller = caller(user());
        assertThat(caller.call("tools/list")).isEqualTo(200);
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> caller.call("tools/call"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.INSUFFICIENT_SCOPE));
        assertThat(opened.get()).isLessThanOrEqualTo(3);
        int before = opened.get();
        assertThatExceptionOfType(AuthorizationException.class).isThrownBy(() -> caller.call("tools/call"));
        assertThat(opened).hasValue(before);
        clock.advance(Duration.ofMinutes(11));
        assertThatExceptionOfType(AuthorizationException.class).isThrownBy(() -> caller.call("tools/call"));
        assertThat(opened.get()).as("later it is tried again").isGreaterThan(before);
    }

    @Test
    void aTokenIsRenewedBeforeItEnds() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(caller.call("x")).isEqualTo(200);
        clock.advance(Duration.ofMinutes(59).plusSeconds(45));
        resource.calls.clear();
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(resource.calls("POST /mcp")).isEqualTo(1);
        assertThat(opened).hasValue(1);
        assertThat(as.tokenRequests.get(1)).containsEntry("grant_type", "refresh_token");
    }

    @Test
    void aTokenThatIsRefusedIsRenewedAndRefreshTokensRotate() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        for (int round = 0; round < 5; round++) {
            assertThat(caller.call("x")).isEqualTo(200);
            resource.revoked.addAll(as.tokens.keySet());
        }
        assertThat(opened).hasValue(1);
    }

    @Test
    void aRefreshTokenThatIsNotRotatedIsKept() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(caller.call("x")).isEqualTo(200);
        as.rotates = false;
        for (int round = 0; round < 3; round++) {
            resource.revoked.addAll(as.tokens.keySet());
            assertThat(caller.call("x")).isEqualTo(200);
        }
        assertThat(opened).hasValue(1);
        assertThat(as.tokenRequests)
                .extracting(form -> form.get("refresh_token"))
                .containsOnly(null, "secret-refresh-3");
    }

    @Test
    void aRefreshThatIsRefusedLeadsToANewAuthorization() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(caller.call("x")).isEqualTo(200);
        as.refreshTokens.clear();
        resource.revoked.addAll(as.tokens.keySet());
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(opened).hasValue(2);
    }

    @Test
    void aRefreshThatFailsForNowLosesNothing() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(caller.call("x")).isEqualTo(200);
        resource.revoked.addAll(as.tokens.keySet());
        as.token = exchange -> {
            WebServer.bytes(exchange, 503, new byte[0]);
            return true;
        };
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> caller.call("x"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
        as.token = exchange -> false;
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(opened).hasValue(1);
    }

    @Test
    void aHundredThreadsAuthorizeOnceAndRefreshOnce() throws Exception {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(together(100, () -> caller.call("x"))).containsOnly(200);
        assertThat(opened).hasValue(1);
        assertThat(as.calls("POST /token")).isEqualTo(1);
        resource.revoked.addAll(as.tokens.keySet());
        assertThat(together(100, () -> caller.call("x"))).containsOnly(200);
        clock.advance(Duration.ofHours(1));
        assertThat(together(100, () -> caller.call("x"))).containsOnly(200);
        assertThat(opened).hasValue(1);
        assertThat(as.calls("POST /token")).isEqualTo(3);
    }

    @Test
    void whoWaitsForAUserWhoSaysNoIsNotShownThePageAgain() throws Exception {
        as.redirect = parameters ->
                Map.of("error", "access_denied", "state", parameters.get("state"), "iss", parameters.get("iss"));
        Caller caller = caller(user());
        List<Reason> reasons = together(20, () -> {
            try {
                caller.call("x");
                throw new AssertionError("nobody was let in");
            } catch (AuthorizationException e) {
                return e.reason();
            }
        });
        assertThat(reasons).isSubsetOf(Reason.DENIED, Reason.REJECTED).contains(Reason.DENIED);
        assertThat(opened.get()).as("however late somebody comes").isBetween(1, 3);
    }

    @Test
    void tokensAndRegistrationsSurviveARestart() throws IOException {
        as.refreshes = true;
        TokenStore store = TokenStore.inMemory();
        assertThat(caller(user().tokens(store)).call("x")).isEqualTo(200);
        resource.calls.clear();
        assertThat(caller(user().tokens(store)).call("x")).isEqualTo(200);
        assertThat(resource.calls("POST /mcp")).isEqualTo(1);

        clock.advance(Duration.ofHours(2));
        assertThat(caller(user().tokens(store)).call("x")).isEqualTo(200);
        assertThat(as.calls("POST /register")).isEqualTo(1);
        assertThat(opened).hasValue(1);

        assertThat(caller(user().tokens(store).account("somebody else")).call("x"))
                .isEqualTo(200);
        assertThat(opened).hasValue(2);
    }

    @Test
    void twoProcessesWithOneStoreRefreshOnce() throws Exception {
        as.refreshes = true;
        TokenStore store = TokenStore.inMemory();
        Caller one = caller(user().tokens(store));
        assertThat(one.call("x")).isEqualTo(200);
        Caller two = caller(user().tokens(store));
        assertThat(two.call("x")).isEqualTo(200);
        resource.revoked.addAll(as.tokens.keySet());
        assertThat(together(
                        2,
                        Stream.of(one, two)
                                .map(c -> (Callable<Integer>) () -> c.call("x"))
                                .toList()))
                .containsOnly(200);
        assertThat(as.calls("POST /token")).isEqualTo(2);
        assertThat(opened).hasValue(1);
    }

    @Test
    void aClientThatTheServerForgotIsRegisteredAnew() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(caller.call("x")).isEqualTo(200);
        as.clients.clear();
        resource.revoked.addAll(as.tokens.keySet());
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(as.registrations).hasSize(2);
    }

    @Test
    void anotherAuthorizationServerGetsNothingOfTheFirst() throws IOException {
        as.refreshes = true;
        Caller caller = caller(user());
        assertThat(caller.call("x")).isEqualTo(200);
        try (FakeAuthorizationServer other = new FakeAuthorizationServer()) {
            resource.authorizationServer = other;
            assertThat(caller.call("x")).isEqualTo(200);
            assertThat(other.registrations).hasSize(1);
            assertThat(other.tokenRequests).hasSize(1);
            assertThat(other.violations).isEmpty();
        }
        assertThat(as.tokenRequests).hasSize(1);
    }

    @Test
    void tokensOfAnAuthorizationServerThatIsGoneAreNoDeadEnd() throws IOException {
        as.refreshes = true;
        TokenStore store = TokenStore.inMemory();
        assertThat(caller(user().tokens(store)).call("x")).isEqualTo(200);
        as.close();
        resource.revoked.addAll(as.tokens.keySet());
        clock.advance(Duration.ofHours(2));
        Caller caller = caller(user().tokens(store));
        assertThatExceptionOfType(AuthorizationException.class)
                .as("as long as the server names it")
                .isThrownBy(() -> caller.call("x"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
        try (FakeAuthorizationServer other = new FakeAuthorizationServer()) {
            resource.authorizationServer = other;
            resource.revoked.clear(); // the tokens of the other have the same names
            assertThat(caller.call("x")).isEqualTo(200);
            assertThat(caller(user().tokens(store)).call("x")).isEqualTo(200);
            assertThat(other.violations).isEmpty();
            assertThat(other.tokenRequests).hasSize(1);
        }
        assertThat(opened).hasValue(2);
    }

    @Test
    void aRegisteredClientStaysWithItsAuthorizationServer() throws IOException {
        as.methods = List.of("client_secret_basic");
        as.register("known:id", "s3cret &+%");
        Caller caller = caller(user().registered("known:id", "s3cret &+%").trustingFirstIssuer());
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(as.calls("POST /register")).isZero();
        try (FakeAuthorizationServer other = new FakeAuthorizationServer()) {
            resource.authorizationServer = other;
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> caller.call("x"))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ISSUER_MISMATCH));
            assertThat(other.calls("POST /token")).isZero();
            assertThat(other.authorizations).isEmpty();
        }
    }

    @Test
    void aSecretGoesIntoTheBodyWhereTheServerWantsItThere() throws IOException {
        as.methods = List.of("client_secret_post");
        assertThat(caller(user()).call("x")).isEqualTo(200);
        assertThat(as.registrations.get(0).path("token_endpoint_auth_method").asString())
                .isEqualTo("client_secret_post");
    }

    @Test
    void aDocumentIsTheIdWhereThatIsSupported() throws IOException {
        String url = "https://app.example/client.json";
        as.clients.put(url, new FakeAuthorizationServer.Registered(java.util.Optional.empty(), "none", List.of()));
        Caller caller = caller(user().clientMetadataDocument(URI.create(url)));
        assertThat(caller.call("x")).isEqualTo(200);
        assertThat(as.authorizations.get(0).get("client_id"))
                .as("not supported here")
                .isNotEqualTo(url);

        as.metadata = json -> json.put("client_id_metadata_document_supported", true);
        resource.revoked.addAll(as.tokens.keySet());
        assertThat(caller(user().clientMetadataDocument(URI.create(url))).call("x"))
                .isEqualTo(200);
        assertThat(as.authorizations.get(1)).containsEntry("client_id", url);
    }

    @Test
    void aServerOfTheFirstRevisionIsItsOwnAuthorizationServer() throws IOException {
        // Nothing but default endpoints: the resource is asked for them, and has none.
        resource.namesMetadata = false;
        resource.metadataPath = "/nowhere";
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> caller(user()).call("x"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REGISTRATION));
        assertThat(resource.calls)
                .containsSubsequence(
                        "GET /.well-known/oauth-protected-resource/mcp",
                        "GET /.well-known/oauth-protected-resource",
                        "GET /.well-known/oauth-authorization-server",
                        "GET /.well-known/openid-configuration",
                        "POST /register");
    }

    @Test
    void tokensGoToNoOtherOrigin() throws IOException {
        HttpAuthorization authorization = user().build();
        assertThat(new Caller(resource.url(), authorization).call("x")).isEqualTo(200);
        HttpAuthorization.Request elsewhere =
                new HttpAuthorization.Request("POST", URI.create("http://localhost:1/mcp"));
        assertThat(authorization.fields(elsewhere)).isEmpty();
        assertThat(authorization.answered(elsewhere, Map.of(), 401, name -> List.of()))
                .isEqualTo(HttpAuthorization.Verdict.ACCEPT);
        assertThat(authorization.fields(new HttpAuthorization.Request("GET", resource.url())))
                .containsKey("Authorization");
        assertThat(opened).hasValue(1);
    }

    private static <T> List<T> together(int count, Callable<T> work) throws Exception {
        return together(count, Stream.generate(() -> work).limit(count).toList());
    }

    private static <T> List<T> together(int count, List<Callable<T>> work) throws Exception {
        CyclicBarrier start = new CyclicBarrier(count);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> running = work.stream()
                    .map(each -> threads.submit(() -> {
                        start.await(10, TimeUnit.SECONDS);
                        return each.call();
                    }))
                    .toList();
            return running.stream()
                    .map(each -> {
                        try {
                            return each.get(60, TimeUnit.SECONDS);
                        } catch (Exception e) {
                            throw new AssertionError(e);
                        }
                    })
                    .toList();
        }
    }
}
