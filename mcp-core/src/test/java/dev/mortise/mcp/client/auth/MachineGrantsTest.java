package dev.mortise.mcp.client.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.net.httpserver.HttpExchange;
import dev.mortise.mcp.client.auth.AuthorizationException.Reason;
import dev.mortise.mcp.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Authorization without a user: client credentials, enterprise-managed, workload identity. */
class MachineGrantsTest {
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

    private int call(OAuthBuilder<?> builder) throws IOException {
        return new Caller(resource.url(), builder.build()).call("x");
    }

    @Test
    void aSecretSpeaksForTheClient() throws IOException {
        as.methods = List.of("client_secret_post");
        as.register("id", "secret");
        resource.scope = "read";
        assertThat(call(OAuth.clientCredentials("id", "secret").issuer(as.issuer())))
                .isEqualTo(200);
        assertThat(as.tokenRequests.get(0))
                .containsEntry("scope", "read")
                .containsEntry("resource", resource.url().toString());
        assertThat(as.authorizations).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "EC,256,ES256,SHA256withECDSAinP1363Format",
        "EC,384,ES384,SHA384withECDSAinP1363Format",
        "RSA,2048,RS256,SHA256withRSA",
        "Ed25519,255,EdDSA,Ed25519"
    })
    void aKeySpeaksForTheClient(String kind, int size, String algorithm, String signature) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        if (!kind.equals("Ed25519")) {
            generator.initialize(size);
        }
        KeyPair pair = generator.generateKeyPair();
        String pem = "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
        as.methods = List.of("private_key_jwt");
        as.register("id", "");
        AtomicReference<String> assertion = new AtomicReference<>();
        as.token = exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.setStreams(new java.io.ByteArrayInputStream(body), null);
            assertion.set(
                    as.parameters(new String(body, StandardCharsets.UTF_8)).get("client_assertion"));
            return false;
        };
        assertThat(call(OAuth.clientCredentials("id", SigningKey.pem(pem, "key-1"))))
                .isEqualTo(200);
        String[] parts = assertion.get().split("\\.", -1);
        var header = Json.parse(decode(parts[0]));
        var claims = Json.parse(decode(parts[1]));
        assertThat(header.path("alg").asString()).isEqualTo(algorithm);
        assertThat(header.path("kid").asString()).isEqualTo("key-1");
        assertThat(claims.path("iss").asString()).isEqualTo("id");
        assertThat(claims.path("exp").asLong() - claims.path("iat").asLong()).isBetween(1L, 300L);
        Signature verifier = Signature.getInstance(signature);
        verifier.initVerify(pair.getPublic());
        verifier.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(verifier.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    private static String decode(String part) {
        return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
    }

    @Test
    void keysThatAreNoneAreRefusedWithoutShowingThem() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.pem("hunter2"))
                .withMessageNotContaining("hunter2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"));
        KeyPairGenerator small = KeyPairGenerator.getInstance("RSA");
        small.initialize(1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SigningKey.of(small.generateKeyPair().getPrivate()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OAuth.clientCredentials(RegisteredClient.withoutSecret("id")));
        assertThatIllegalStateException()
                .isThrownBy(() -> OAuth.authorizationCode().build());
    }

    @Test
    void anIdentityProviderVouchesForTheUser() throws IOException {
        try (FakeIdentityProvider idp = new FakeIdentityProvider()) {
            as.methods = List.of("client_secret_basic");
            as.register("mcp-client", "secret");
            as.assertion = Optional.of("header.jag.signature");
            resource.scope = "read";
            EnterpriseManagedBuilder builder = OAuth.enterpriseManaged(
                            IdentityProvider.at(idp.origin(), RegisteredClient.withoutSecret("at-idp")),
                            () -> SubjectToken.idToken("header.id.signature"))
                    .registered("mcp-client", "secret")
                    .issuer(as.issuer());
            assertThat(call(builder)).isEqualTo(200);
            assertThat(idp.asked)
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                            "requested_token_type", "urn:ietf:params:oauth:token-type:id-jag",
                            "audience", as.issuer(),
                            "resource", resource.url().toString(),
                            "scope", "read",
                            "subject_token", "header.id.signature",
                            "subject_token_type", "urn:ietf:params:oauth:token-type:id_token",
                            "client_id", "at-idp"));

            idp.issuedType = "urn:ietf:params:oauth:token-type:access_token";
            resource.revoked.addAll(as.tokens.keySet());
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> call(builder))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOKEN));
        }
    }

    private static final class FakeIdentityProvider extends WebServer {
        Map<String, String> asked = Map.of();
        String issuedType = "urn:ietf:params:oauth:token-type:id-jag";

        FakeIdentityProvider() throws IOException {}

        @Override
        void handle(HttpExchange exchange) throws IOException {
            switch (exchange.getRequestURI().getPath()) {
                case "/.well-known/openid-configuration" ->
                    json(
                            exchange,
                            200,
                            Json.object().put("issuer", origin()).put("token_endpoint", origin() + "/exchange"));
                case "/exchange" -> {
                    asked = parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                    json(
                            exchange,
                            200,
                            Json.object()
                                    .put("access_token", "header.jag.signature")
                                    .put("issued_token_type", issuedType)
                                    .put("token_type", "N_A"));
                }
                default -> bytes(exchange, 404, new byte[0]);
            }
        }
    }

    @Test
    void thePlatformVouchesForTheProgram(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "header.first.signature\n");
        as.clients.put("workload", new FakeAuthorizationServer.Registered(Optional.empty(), "none", List.of()));
        as.assertion = Optional.of("header.first.signature");
        Caller caller = new Caller(
                resource.url(),
                OAuth.workloadIdentity(WorkloadToken.file(file))
                        .registered(RegisteredClient.withoutSecret("workload"))
                        .issuer(as.issuer())
                        .build());
        assertThat(caller.call("x")).isEqualTo(200);

        Files.writeString(file, "header.second.signature\n");
        as.assertion = Optional.of("header.second.signature");
        resource.revoked.addAll(as.tokens.keySet());
        assertThat(caller.call("x")).as("the file is read each time").isEqualTo(200);

        Files.writeString(file, "header.other.signature\n");
        resource.revoked.addAll(as.tokens.keySet());
        long before = as.calls("POST /token");
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> caller.call("x"))
                .satisfies(e -> assertThat(e.error()).contains("invalid_grant"))
                .withMessageNotContaining("header.other");
        assertThat(as.calls("POST /token") - before).as("asked once").isEqualTo(1);
    }

    @Test
    void aClientThatIsRegisteredElsewhereIsNotShownHere() {
        as.methods = List.of("client_secret_basic");
        as.register("id", "secret");
        assertThatExceptionOfType(AuthorizationException.class)
                .isThrownBy(() -> call(OAuth.clientCredentials(
                        RegisteredClient.withSecret("id", "secret").at("https://as.example"))))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ISSUER_MISMATCH));
        assertThat(as.calls("POST /token")).isZero();
    }

    @Test
    void whatAnotherServerCouldUseIsForAStatedIssuerAlone() {
        WorkloadToken token = issuer -> "header.jwt.signature";
        IdentityProvider idp = IdentityProvider.at("https://idp.example", RegisteredClient.withoutSecret("at-idp"));
        List<OAuthBuilder<?>> builders = List.of(
                OAuth.clientCredentials("id", "secret"),
                OAuth.workloadIdentity(token),
                OAuth.workloadIdentity(token).registered(RegisteredClient.withoutSecret("id")),
                OAuth.authorizationCode().registered("id", "secret"),
                OAuth.enterpriseManaged(idp, () -> SubjectToken.idToken("header.id.signature"))
                        .registered("id", "secret"));
        for (OAuthBuilder<?> builder : builders) {
            assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("issuer(");
            builder.issuer("https://as.example").build();
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> OAuth.clientCredentials(
                                RegisteredClient.withSecret("id", "secret").at("https://one.example"))
                        .issuer("https://two.example")
                        .build())
                .withMessageContaining("https://one.example")
                .withMessageContaining("https://two.example");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OAuth.workloadIdentity(token).issuer("as.example"));
    }

    @Test
    void anAuthorizationServerThatTheServerMadeUpGetsNothing() throws IOException {
        WorkloadToken token = issuer -> {
            throw new AssertionError("asked for a token for " + issuer);
        };
        try (FakeAuthorizationServer right = new FakeAuthorizationServer()) {
            List<OAuthBuilder<?>> builders = List.of(
                    OAuth.clientCredentials("id", "secret"),
                    OAuth.workloadIdentity(token),
                    OAuth.authorizationCode().dynamicRegistration(ClientMetadata.named("Test")));
            for (OAuthBuilder<?> builder : builders) {
                for (String issuer : List.of(right.issuer(), as.issuer() + "/")) {
                    assertThatExceptionOfType(AuthorizationException.class)
                            .isThrownBy(() -> call(builder.issuer(issuer)))
                            .withMessageContaining(as.issuer())
                            .withMessageContaining(issuer)
                            .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ISSUER_MISMATCH));
                }
            }
            assertThat(right.calls).isEmpty();
        }
        assertThat(as.calls).allMatch(call -> call.startsWith("GET /.well-known/"));
    }

    @Test
    void ofSeveralAuthorizationServersTheStatedOneIsTaken() throws IOException {
        as.methods = List.of("client_secret_basic");
        as.register("id", "secret");
        resource.metadata = json -> json.putArray("authorization_servers")
                .add("https://evil.example")
                .add(as.issuer());
        assertThat(call(OAuth.clientCredentials("id", "secret").issuer(as.issuer())))
                .isEqualTo(200);
    }

    @Test
    void whoTrustsTheFirstIssuerStaysWithIt() throws IOException {
        as.clients.put("", new FakeAuthorizationServer.Registered(Optional.empty(), "none", List.of()));
        as.assertion = Optional.of("header.jwt.signature");
        Caller caller = new Caller(
                resource.url(),
                OAuth.workloadIdentity(issuer -> "header.jwt.signature")
                        .trustingFirstIssuer()
                        .build());
        assertThat(caller.call("x")).isEqualTo(200);
        try (FakeAuthorizationServer other = new FakeAuthorizationServer()) {
            resource.authorizationServer = other;
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> caller.call("x"))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.ISSUER_MISMATCH));
            assertThat(other.tokenRequests).isEmpty();
        }
    }

    @Test
    void aServerThatNeverKnewTheClientIsNotWhereItBelongs() throws IOException {
        TokenStore store = TokenStore.inMemory();
        Caller caller = new Caller(
                resource.url(),
                OAuth.clientCredentials("id", "secret")
                        .trustingFirstIssuer()
                        .tokens(store)
                        .build());
        FakeAuthorizationServer right = as;
        try (FakeAuthorizationServer wrong = new FakeAuthorizationServer()) {
            resource.authorizationServer = wrong;
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> caller.call("x"))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOKEN));
        }
        right.methods = List.of("client_secret_basic");
        right.register("id", "secret");
        resource.authorizationServer = right;
        assertThat(caller.call("x")).isEqualTo(200);
    }

    @Test
    void anOutageOfTheAuthorizationServerIsOverWhenItIsOver() throws IOException {
        as.methods = List.of("client_secret_basic");
        as.register("id", "secret");
        Caller caller = new Caller(
                resource.url(),
                OAuth.clientCredentials("id", "secret").issuer(as.issuer()).build());
        as.token = exchange -> {
            WebServer.bytes(exchange, 503, new byte[0]);
            return true;
        };
        for (int i = 0; i < 10; i++) {
            assertThatExceptionOfType(AuthorizationException.class)
                    .isThrownBy(() -> caller.call("x"))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNAVAILABLE));
        }
        as.token = exchange -> false;
        assertThat(caller.call("x")).isEqualTo(200);
    }

    @Test
    void differentWaysToAuthorizeShareAStoreAndNothingElse() throws IOException {
        TokenStore store = TokenStore.inMemory();
        as.methods = List.of("client_secret_basic");
        as.register("id", "secret");
        assertThat(call(OAuth.clientCredentials("id", "secret")
                        .issuer(as.issuer())
                        .tokens(store)))
                .isEqualTo(200);
        as.assertion = Optional.of("header.jwt.signature");
        assertThat(call(OAuth.workloadIdentity(issuer -> "header.jwt.signature")
                        .registered(RegisteredClient.withSecret("id", "secret").at(as.issuer()))
                        .tokens(store)))
                .isEqualTo(200);
        assertThat(as.tokenRequests)
                .extracting(form -> form.get("grant_type"))
                .containsExactly("client_credentials", "urn:ietf:params:oauth:grant-type:jwt-bearer");
    }

    @Test
    void missingScopesAreAskedForHereToo() throws IOException {
        as.methods = List.of("client_secret_basic");
        as.register("id", "secret");
        resource.scope = "read";
        resource.needs.put("x", java.util.Set.of("write"));
        assertThat(call(OAuth.clientCredentials("id", "secret").issuer(as.issuer())))
                .isEqualTo(200);
        assertThat(as.tokenRequests.get(1)).containsEntry("scope", "read write");
    }

    @Test
    void nothingShowsItsSecrets() {
        RegisteredClient client = RegisteredClient.withSecret("id", "hunter2").at("https://as.example");
        assertThat(List.of(
                                client,
                                SubjectToken.idToken("hunter2"),
                                OAuth.clientCredentials(client).build(),
                                IdentityProvider.withTokenEndpoint(URI.create("https://idp.example"), client))
                        .toString())
                .doesNotContain("hunter2");
    }
}
