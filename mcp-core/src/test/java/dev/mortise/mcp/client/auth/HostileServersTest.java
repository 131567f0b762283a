package dev.mortise.mcp.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Servers and authorization servers that lie, leak, stall or flood: each ends with an error that says what it was. */
class HostileServersTest {
    private static final String SECRETS = "(?s).*(secret-|code-\\d|verifier=[^*]).*";

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
    void stop() {
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
                .requestTimeout(Duration.ofSeconds(10))
                .clock(clock);
    }

    private AuthorizationException refused(Reason reason) {
        return refused(reason, user());
    }

    private AuthorizationException refused(Reason reason, AuthorizationCodeBuilder builder) {
        AuthorizationException[] caught = new AuthorizationException[1];
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> new Caller(resource.url(), builder.build()).call("x"))
                .satisfies(e -> {
                    assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
                    for (Throwable each = e; each != null; each = each.getCause()) {
                        assertThat(each.toString()).doesNotMatch(SECRETS);
                    }
                    assertThat(e.getMessage()).hasSizeLessThan(1000).doesNotContain("\n");
                    caught[0] = e;
                });
        return caught[0];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/mcp",
                "http://127.0.0.1/mcp",
                "not a uri",
                "",
                "ORIGIN/mcp/more",
                "ORIGIN/other",
                "ORIGIN",
                "ORIGIN/mcp#fragment",
                "ORIGIN/mcp?tenant=2"
            })
    void metadataAboutAnotherResource(String value) {
        resource.metadata = json -> json.put("resource", value.replace("ORIGIN", resource.origin()));
        refused(value.isEmpty() ? Reason.DISCOVERY : Reason.RESOURCE_MISMATCH);
        assertThat(as.calls).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://attacker.example", "ISSUER/", "HTTP://127.0.0.1", ""})
    void metadataOfAnotherIssuer(String value) {
        as.metadata = json -> json.put("issuer", value.replace("ISSUER", as.issuer()));
        refused(Reason.ISSUER_MISMATCH);
        assertThat(as.registrations).isEmpty();
        assertThat(opened).hasValue(0);
    }

    static Stream<Arguments> metadataThatCannotBeUsed() {
        return Stream.of(
                Arguments.of(Reason.UNSUPPORTED, edit(json -> json.remove("code_challenge_methods_supported"))),
                Arguments.of(
                        Reason.UNSUPPORTED,
                        edit(json -> json.putArray("code_challenge_methods_supported")
                                .add("plain"))),
                Arguments.of(Reason.UNSUPPORTED, edit(json -> json.put("code_challenge_methods_supported", "S256"))),
                Arguments.of(Reason.DISCOVERY, edit(json -> json.remove("authorization_endpoint"))),
                Arguments.of(
                        Reason.UNSAFE_URL, edit(json -> json.put("authorization_endpoint", "javascript:alert(1)"))),
                Arguments.of(Reason.UNSAFE_URL, edit(json -> json.put("authorization_endpoint", "file:///etc/passwd"))),
                Arguments.of(
                        Reason.UNSAFE_URL,
                        edit(json -> json.put("authorization_endpoint", "http://plain.example/authorize"))),
                Arguments.of(
                        Reason.UNSAFE_URL,
                        edit(json -> json.put("authorization_endpoint", "https://user@as.example/authorize"))),
                Arguments.of(
                        Reason.UNSAFE_URL,
                        edit(json -> json.put("registration_endpoint", "http://plain.example/register"))),
                Arguments.of(
                        Reason.UNSAFE_URL,
                        edit(json -> json.put("registration_endpoint", "https://169.254.169.254/latest"))),
                Arguments.of(Reason.REGISTRATION, edit(json -> json.remove("registration_endpoint"))),
                Arguments.of(Reason.DISCOVERY, edit(json -> json.remove("token_endpoint"))),
                Arguments.of(Reason.UNSAFE_URL, edit(json -> json.put("token_endpoint", "http://0.0.0.0/token"))));
    }

    private static Consumer<ObjectNode> edit(Consumer<ObjectNode> edit) {
        return edit;
    }

    @ParameterizedTest
    @MethodSource
    void metadataThatCannotBeUsed(Reason reason, Consumer<ObjectNode> edit) {
        as.metadata = edit;
        refused(reason);
        assertThat(as.tokenRequests).isEmpty();
    }

    static Stream<Arguments> authorizationResponsesThatAreWrong() {
        return Stream.of(
                Arguments.of(Reason.ISSUER_MISMATCH, Map.of("iss", "https://evil.example")),
                Arguments.of(Reason.ISSUER_MISMATCH, Map.of("iss", "ISSUER/")),
                Arguments.of(Reason.ISSUER_MISMATCH, Map.of("iss", "")),
                Arguments.of(Reason.ISSUER_MISMATCH, Map.of("iss", "https://evil.example", "error", "access_denied")),
                Arguments.of(Reason.DENIED, Map.of("error", "access_denied")),
                Arguments.of(Reason.RESPONSE, Map.of("error", "server_error", "error_description", "a\r\nb")),
                Arguments.of(Reason.RESPONSE, Map.of("code", "")));
    }

    @ParameterizedTest
    @MethodSource
    void authorizationResponsesThatAreWrong(Reason reason, Map<String, String> changes) {
        as.redirect = parameters -> {
            Map<String, String> changed = new LinkedHashMap<>(parameters);
            changes.forEach((name, value) -> changed.put(name, value.replace("ISSUER", as.issuer())));
            return changed;
        };
        AuthorizationException e = refused(reason);
        assertThat(as.tokenRequests).isEmpty();
        if (reason == Reason.ISSUER_MISMATCH) {
            assertThat(e.getMessage()).doesNotContain("access_denied");
            assertThat(e.error()).isEmpty();
        }
    }

    @Test
    void anIssuerThatWasPromisedHasToBeThere() {
        as.redirect = parameters -> {
            Map<String, String> changed = new LinkedHashMap<>(parameters);
            changed.remove("iss");
            return changed;
        };
        refused(Reason.ISSUER_MISMATCH);
        as.metadata = json -> json.remove("authorization_response_iss_parameter_supported");
        assertThat(call()).isEqualTo(200);
    }

    @Test
    void anIssuerThatWasNotPromisedIsComparedAllTheSame() {
        as.metadata = json -> json.remove("authorization_response_iss_parameter_supported");
        as.redirect = parameters -> {
            Map<String, String> changed = new LinkedHashMap<>(parameters);
            changed.put("iss", "https://evil.example");
            return changed;
        };
        refused(Reason.ISSUER_MISMATCH);
    }

    @Test
    void aResponseWithAnotherStateIsWaitedPast() {
        as.redirect = parameters -> {
            Map<String, String> changed = new LinkedHashMap<>(parameters);
            changed.put("state", "guess");
            return changed;
        };
        refused(Reason.TIMEOUT, user().userTimeout(Duration.ofMillis(200)));
        assertThat(as.tokenRequests).isEmpty();
    }

    static Stream<Arguments> tokensThatAreNone() {
        return Stream.of(
                Arguments.of(edit(json -> json.put("expires_in", -1))),
                Arguments.of(edit(json -> json.put("expires_in", 0))),
                Arguments.of(edit(json -> json.put("expires_in", 1.5))),
                Arguments.of(edit(json -> json.put("expires_in", "soon"))),
                Arguments.of(edit(json -> json.putArray("expires_in"))),
                Arguments.of(edit(json -> json.put("token_type", "mac"))),
                Arguments.of(edit(json -> json.remove("token_type"))),
                Arguments.of(edit(json -> json.put("token_type", "DPoP"))),
                Arguments.of(edit(json -> json.remove("access_token"))),
                Arguments.of(edit(json -> json.put("access_token", "secret-a\r\nX: y"))),
                Arguments.of(edit(json -> json.put("access_token", "secret-ä"))),
                Arguments.of(edit(json -> json.put("access_token", 5))));
    }

    @ParameterizedTest
    @MethodSource
    void tokensThatAreNone(Consumer<ObjectNode> edit) {
        as.tokenAnswer = edit;
        refused(Reason.TOKEN);
    }

    @Test
    void lifetimesMayBeWrittenAsTextAndMayBeAbsurdlyLong() {
        as.tokenAnswer = json -> json.put("expires_in", "3600");
        assertThat(call()).isEqualTo(200);
        as.tokenAnswer = json -> json.put("expires_in", Long.MAX_VALUE / 100);
        assertThat(call()).isEqualTo(200);
    }

    @Test
    void answersThatAreTooLarge() {
        as.token = exchange -> {
            byte[] large = new byte[1024 * 1024];
            java.util.Arrays.fill(large, (byte) ' ');
            WebServer.bytes(exchange, 200, large);
            return true;
        };
        refused(Reason.UNAVAILABLE);
    }

    @Test
    void answersThatNeverEnd() {
        as.token = exchange -> {
            drip(exchange);
            return true;
        };
        refused(Reason.UNAVAILABLE, user().requestTimeout(Duration.ofMillis(500)));
    }

    /** A byte now and then, for as long as somebody listens. */
    private static void drip(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        try {
            for (int i = 0; i < 200; i++) {
                exchange.getResponseBody().write(' ');
                exchange.getResponseBody().flush();
                java.util.concurrent.locks.LockSupport.parkNanos(
                        Duration.ofMillis(50).toNanos());
            }
        } catch (IOException e) {
            // The client is gone, as it should be.
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "<html>", "{\"access_token\":\"secret-x\"", "{\"a\":1,\"a\":2}"})
    void answersThatAreNoJson(String body) {
        as.token = exchange -> {
            WebServer.bytes(exchange, 200, body.getBytes(java.nio.charset.StandardCharsets.UTF_8));
            return true;
        };
        refused(Reason.TOKEN);
    }

    @Test
    void whatTheServerRepeatsOfOurSecretsIsTakenOut() {
        as.token = exchange -> {
            String form = new String(exchange.getRequestBody().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            WebServer.json(
                    exchange,
                    400,
                    dev.mortise.mcp.json.Json.object()
                            .put("error", "invalid_grant")
                            .put("error_description", "no " + as.parameters(form)));
            return true;
        };
        AuthorizationException e = refused(Reason.TOKEN);
        assertThat(e).hasMessageContaining("code=***").hasMessageContaining("code_verifier=***");
    }

    @Test
    void registrationsThatAreRefusedSayWhy() {
        as.registration = exchange -> {
            WebServer.error(exchange, 400, "invalid_redirect_uri");
            return true;
        };
        AuthorizationException e = refused(Reason.REGISTRATION);
        assertThat(e.error()).contains("invalid_redirect_uri");
        assertThat(e).hasMessageContaining("no invalid_redirect_uri");
    }

    @Test
    void redirectsToAnotherOriginAreNotFollowed() throws IOException {
        try (FakeAuthorizationServer other = new FakeAuthorizationServer()) {
            as.token = exchange -> {
                exchange.getResponseHeaders().set("Location", other.issuer() + "/token");
                exchange.sendResponseHeaders(307, -1);
                return true;
            };
            refused(Reason.TOKEN);
            resource.moved = other.origin() + "/moved";
            refused(Reason.DISCOVERY);
            resource.moved = resource.metadataPath;
            refused(Reason.DISCOVERY);
            assertThat(other.calls).isEmpty();
        }
        as.token = exchange -> false;
        resource.moved = "/moved";
        assertThat(call()).as("to the same origin they are").isEqualTo(200);
    }

    @Test
    void aServerThatRefusesWhatWasObtainedForItIsAskedOnce() {
        resource.refusesAll = true;
        Caller caller = new Caller(resource.url(), user().build());
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> caller.call("x"))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.REJECTED));
        }
        assertThat(opened.get()).as("pages shown").isEqualTo(3);
    }

    @Test
    void aServerThatTakesATokenOnceAndNeverAgainIsBounded() {
        Caller caller = new Caller(resource.url(), user().build());
        int failed = 0;
        for (int i = 0; i < 20; i++) {
            try {
                assertThat(caller.call("x")).isEqualTo(200);
            } catch (IOException e) {
                failed++;
            }
            resource.revoked.addAll(as.tokens.keySet());
        }
        assertThat(opened).hasValue(10);
        assertThat(failed).isEqualTo(10);
    }

    @Test
    void aChallengeThatIsNotForTokensIsNoneOfOurBusiness() throws IOException {
        var authorization = user().build();
        var request = new dev.mortise.mcp.client.HttpAuthorization.Request("POST", resource.url());
        assertThat(authorization.fields(request)).isEmpty();
        assertThat(authorization.answered(
                        request,
                        Map.of(),
                        401,
                        name -> name.equals("WWW-Authenticate")
                                ? java.util.List.of("Basic realm=\"x\"")
                                : java.util.List.of()))
                .isEqualTo(dev.mortise.mcp.client.HttpAuthorization.Verdict.ACCEPT);
        assertThat(resource.calls).isEmpty();
    }

    @Test
    void tokensDoNotGoOverPlainHttpToOthers() {
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> user().build()
                        .fields(new dev.mortise.mcp.client.HttpAuthorization.Request(
                                "POST", URI.create("http://mcp.example/mcp"))))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNSAFE_URL));
    }

    private int call() {
        try {
            return new Caller(resource.url(), user().build()).call("x");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
