package dev.mortise.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.access.FakePages;
import dev.mortise.security.access.Wire;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.replay.MemoryReplayStore;
import dev.mortise.security.secret.SecretCheck;
import dev.mortise.security.secret.Secrets;
import dev.mortise.security.secret.UnusableSecrets;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.SqlHome;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.token.Tokens;
import dev.mortise.security.user.Roles;
import java.net.URI;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecurityTest {
    private static final ResourceMetadata ENDPOINT =
            ResourceMetadata.of("https://mcp.example.com/mcp", "https://login.example.com");

    @Test
    void productionTakesNoDefaultsThatAreForDevelopment() {
        assertThatThrownBy(() -> Security.in(Environment.PRODUCTION)
                        .resource(ProtectedResource.of("http://mcp.example.com"))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("live")
                .hasMessageContaining("stores(")
                .hasMessageContaining("authenticator(")
                .hasMessageContaining("audit(")
                .hasMessageContaining("resource(");
        assertThat(Security.in(Environment.DEVELOPMENT).build()).isNotNull();
    }

    @Test
    void productionStartsWithWhatItNeeds(@TempDir Path directory) throws Exception {
        try (Home home = SqlHome.sqlite(directory)) {
            SecurityBuilder builder = Security.in(Environment.PRODUCTION)
                    .stores(home.stores())
                    .authenticator((Authenticator) origin -> Authenticator.admit(Caller.of("x")))
                    .audit(event -> {});
            assertThat(builder.build()).isNotNull();
            assertThatThrownBy(() -> builder.approvalPage(
                                    URI.create("http://mcp.example.com/approve"), FakePages.nobody(), Duration.ZERO)
                            .build())
                    .hasMessageContaining("approvalPage(");
        }
    }

    @Test
    void oneAuthenticatorDecides() {
        SecurityBuilder builder = Security.in(Environment.TEST).endpoint(ENDPOINT);
        assertThatThrownBy(() -> builder.authenticator(origin -> Authenticator.admit(Caller.of("x"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("There is an authenticator already");
        Security security = builder.build();
        assertThatThrownBy(() -> McpServer.builder("test", "1")
                        .plugin(security)
                        .authenticator(origin -> Authenticator.admit(Caller.of("x"))))
                .hasMessageContaining("authenticator");
    }

    @Test
    void theMetadataOfTheEndpointAreServed() {
        for (Security security : List.of(
                Security.in(Environment.TEST).endpoint(ENDPOINT).build(),
                Security.in(Environment.TEST)
                        .authenticatorOf(keys -> BearerAuthenticator.builder(ENDPOINT)
                                .verifier(keys)
                                .build())
                        .build())) {
            try (McpServer server =
                    McpServer.builder("test", "1").plugin(security).build()) {
                assertThat(server.routes())
                        .extracting(HttpRoute::path)
                        .contains("/.well-known/oauth-protected-resource/mcp", "/.well-known/oauth-protected-resource");
            }
        }
    }

    @Test
    void aMissingSecretIsNamedBeforeAnythingElseHappens() {
        SecretCheck check = SecretCheck.of(Secrets.from(name -> Optional.empty(), Duration.ofDays(1)))
                .strong("signing-key", 32);
        assertThatThrownBy(
                        () -> Security.in(Environment.PRODUCTION).secrets(check).build())
                .isInstanceOf(UnusableSecrets.class)
                .hasMessageContaining("signing-key is missing");
    }

    @Test
    void addressesAreCountedBeforeAnybodyIsAskedAndCallsAfterwards() {
        List<AuditEvent> events = new CopyOnWriteArrayList<>();
        Security security = Security.in(Environment.TEST)
                .endpoint(ENDPOINT)
                .audit(events::add)
                .limits(RateLimits.builder()
                        .addresses(Rate.perDay(4))
                        .limit(Limit.perCaller("caller", Rate.perDay(1)))
                        .build())
                .build();
        try (McpServer server = server(security)) {
            String key =
                    security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
            assertThat(Wire.to(server, null).call("open", "{}").reply().status())
                    .isEqualTo(401);
            assertThat(Wire.to(server, key).call("open", "{}").reply().status()).isEqualTo(200);
            assertThat(Wire.to(server, key).call("open", "{}").reply().status()).isEqualTo(429);
            assertThat(Wire.to(server, null).call("open", "{}").reply().status())
                    .isEqualTo(401);
            int before = events.size();
            assertThat(Wire.to(server, null).call("open", "{}").reply().status())
                    .isEqualTo(429);
            assertThat(events).as("nobody was asked").hasSize(before);
            assertThat(events)
                    .extracting(AuditEvent::kind)
                    .contains(AuditEvent.Kind.AUTHENTICATION, AuditEvent.Kind.DECISION);
        }
    }

    @Test
    void aCallThatIsSentAgainIsCarriedOutOnceAndCountedOnce() {
        Security security = Security.in(Environment.TEST)
                .endpoint(ENDPOINT)
                .limits(RateLimits.builder()
                        .limit(Limit.perCaller("caller", Rate.perDay(1)))
                        .build())
                .idempotentCalls(IdempotentCalls.in(new MemoryReplayStore()).build())
                .build();
        try (McpServer server = server(security)) {
            Wire wire = Wire.to(
                    server,
                    security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret());
            for (int i = 0; i < 3; i++) {
                assertThat(wire.callOnce("open", "{}", "key-1")
                                .result()
                                .at("/content/0/text")
                                .stringValue())
                        .isEqualTo("ran 1");
            }
            assertThat(wire.callOnce("open", "{}", "key-2").reply().status()).isEqualTo(429);
        }
    }

    private static McpServer server(Security security) {
        AtomicInteger ran = new AtomicInteger();
        return McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("open")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "ran " + ran.incrementAndGet()))
                .build();
    }

    @Test
    void aRevocationIsNeverLookedForTooRarely() {
        assertThatThrownBy(() -> Security.in(Environment.TEST).pollInterval(Duration.ofSeconds(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pollInterval");
    }

    @Test
    void onlyNamesThatSaySoAreForDevelopment() {
        for (String name : List.of("live", "production", "prod", "prd", "staging", "eu1")) {
            assertThat(new Environment(name).isProduction()).as(name).isTrue();
            assertThatThrownBy(() -> Security.in(new Environment(name)).build())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining(name);
        }
        for (String name : List.of("dev", "development", "local", "test", "testing", "ci")) {
            assertThat(new Environment(name).isProduction()).as(name).isFalse();
        }
    }

    @Test
    void whoeverIsAdmittedWithoutACredentialIsAUserAllTheSame() {
        AtomicReference<Caller> caller = new AtomicReference<>();
        Security security = Security.in(Environment.TEST)
                .authenticator(origin -> Authenticator.admit(caller.get()))
                .roles(Roles.none().role("reader", "a"))
                .knownUsersOnly()
                .build();
        security.users().create("ann", null, "Ann", Set.of("reader"));
        security.users().create("bob", null, "Bob", Set.of("reader"));
        security.users().disable("bob", null);
        try (McpServer server = server(security)) {
            caller.set(Caller.of("ann").withScopes(Set.of("a", "b")));
            assertThat(scopes(security)).containsExactly("a");
            caller.set(Caller.of("bob").withScopes(Set.of("a")));
            assertThat(Wire.to(server, null).call("open", "{}").reply().status())
                    .isEqualTo(401);
            caller.set(Caller.of("eve").withScopes(Set.of("a")));
            assertThat(Wire.to(server, null).call("open", "{}").reply().status())
                    .isEqualTo(401);
            caller.set(Caller.anonymous());
            assertThat(Wire.to(server, null).call("open", "{}").reply().status())
                    .isEqualTo(200);
        }
    }

    private static Set<String> scopes(Security security) {
        return ((Authenticator.Admission.Admitted) security.authenticator().authenticate(Wire.Head.with(null)))
                .caller()
                .scopes();
    }

    @Test
    void aComposedAuthenticatorIsAuditedOnce() {
        for (boolean own : List.of(true, false)) {
            List<AuditEvent> events = new CopyOnWriteArrayList<>();
            Security security = Security.in(Environment.TEST)
                    .audit(events::add)
                    .authenticatorOf(keys -> {
                        BearerAuthenticator.Builder bearer =
                                BearerAuthenticator.builder(ENDPOINT).verifier(keys);
                        return (own ? bearer.audit(events::add) : bearer).build();
                    })
                    .build();
            String key =
                    security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
            try (McpServer server = server(security)) {
                Wire.to(server, key).call("open", "{}");
                Wire.to(server, "wrong").call("open", "{}");
            }
            assertThat(events)
                    .filteredOn(event -> event.kind() == AuditEvent.Kind.AUTHENTICATION)
                    .extracting(AuditEvent::outcome)
                    .containsExactly(AuditEvent.Outcome.ALLOWED, AuditEvent.Outcome.DENIED);
        }
    }

    @Test
    void aTokenOfAnotherEnvironmentIsNeverAdmitted() {
        KeyPair pair = Jose.rsa();
        List<AuditEvent> events = new CopyOnWriteArrayList<>();
        TokenIssuer issuer = TokenIssuer.builder(
                        "https://login.example.com", KeySource.keys(Map.of("k1", pair.getPublic())))
                .claims(ClaimsMapping.builder().environmentFrom("env").build())
                .build();
        assertThat(issuer.namesEnvironment()).isTrue();
        assertThat(TokenIssuer.of(issuer.id(), KeySource.key(pair.getPublic())).namesEnvironment())
                .isFalse();
        Security security = Security.in(Environment.TEST)
                .audit(events::add)
                .endpoint(ENDPOINT, issuer)
                .build();
        Tokens tokens = new Tokens(issuer.id(), "https://mcp.example.com/mcp", Clock.systemUTC(), "k1", pair);
        try (McpServer server = server(security)) {
            for (String environment : List.of("test", "live", "")) {
                events.clear();
                String token = tokens.with(claims -> claims.put("env", environment));
                boolean own = environment.equals("test");
                assertThat(Wire.to(server, token).call("open", "{}").reply().status())
                        .isEqualTo(own ? 200 : 401);
                assertThat(events)
                        .filteredOn(event -> event.kind() == AuditEvent.Kind.AUTHENTICATION)
                        .extracting(AuditEvent::outcome)
                        .containsExactly(own ? AuditEvent.Outcome.ALLOWED : AuditEvent.Outcome.DENIED);
            }
        }
    }
}
