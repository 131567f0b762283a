package dev.mortise.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.security.access.FakePages;
import dev.mortise.security.access.RecordedTrail;
import dev.mortise.security.access.TestClock;
import dev.mortise.security.access.Wire;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.auth.ProtectedResources;
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
import dev.mortise.security.token.ClientAuthentication;
import dev.mortise.security.token.IntrospectionVerifier;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenExchange;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.token.Tokens;
import dev.mortise.security.user.Roles;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
    private static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

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

    /** Whoever asks is named in a field; nobody is refused, and of "down" it cannot be found out who it is. */
    private static final Authenticator OWN = origin -> {
        String who = ((HttpHead) origin).header("X-User").orElse("");
        return switch (who) {
            case "" -> Authenticator.reject(new Refusal.Unauthenticated("Who are you?", List.of("Own")));
            case "flood" -> Authenticator.reject(new Refusal.RateLimited(Duration.ofSeconds(1), Map.of()));
            case "banned" -> Authenticator.reject(new Refusal.Custom(7, "Go away", null, 403));
            case "down" -> throw new StoreUnavailable("down", new IllegalStateException());
            case "broken" -> throw new IllegalStateException("broken");
            case "anonymous" -> Authenticator.admit(Caller.anonymous());
            default -> Authenticator.admit(Caller.of(who));
        };
    };

    private static void ask(McpServer server, Wire.Head head) {
        new Wire(InMemoryTransport.to(server::handle), head, Wire.PLAIN).call("open", "{}");
    }

    @Test
    void bothOutcomesOfAnOwnAuthenticatorAreTakenDown() {
        RecordedTrail trail = new RecordedTrail();
        TestClock clock = new TestClock();
        Security security = Security.in(Environment.TEST)
                .audit(trail)
                .clock(clock)
                .authenticator(OWN)
                .build();
        security.users().create("bob", null, "Bob", Set.of());
        security.users().disable("bob", null);
        Wire.Head nobody = Wire.Head.with(null);
        try (McpServer server = server(security)) {
            ask(server, nobody);
            ask(server, nobody.field("Authorization", "Own secret"));
            for (String who : List.of("ann", "ann", "bob", "flood", "banned", "down", "broken", "anonymous", "local")) {
                ask(server, nobody.field("X-User", who).field("traceparent", TRACEPARENT));
            }
            clock.pass(Duration.ofMinutes(5));
            ask(server, nobody.field("X-User", "ann"));
        }
        assertThat(trail.events())
                .filteredOn(event -> event.kind() == AuditEvent.Kind.AUTHENTICATION)
                .extracting(event -> event.outcome() + " " + event.subject() + " " + event.reason())
                .containsExactly(
                        "CHALLENGED null unauthenticated",
                        "DENIED null unauthenticated",
                        "ALLOWED ann null",
                        "DENIED bob user-disabled",
                        "DENIED null Custom",
                        "FAILED null unavailable",
                        "FAILED null unavailable",
                        "DENIED local reserved-subject",
                        "ALLOWED ann null");
        assertThat(trail.events())
                .filteredOn(event -> "ann".equals(event.subject()))
                .first()
                .satisfies(event -> {
                    assertThat(event.details()).containsEntry("address", "192.0.2.1");
                    assertThat(event.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
                    assertThat(event.target()).isEqualTo("https://mcp.example.com/mcp");
                });
        assertThat(trail.events().toString()).doesNotContain("Own secret");
    }

    @Test
    void anOwnAuthenticatorAdmitsNobodyUnrecorded() {
        Security security = Security.in(Environment.TEST)
                .audit(event -> {
                    throw new AuditUnavailable("full", null);
                })
                .authenticator(OWN)
                .build();
        assertThat(refusal(security, "ann")).isInstanceOf(Refusal.DependencyUnavailable.class);
        assertThat(refusal(security, "")).isInstanceOf(Refusal.Unauthenticated.class);
    }

    private static Refusal refusal(Security security, String who) {
        Authenticator.Admission admission =
                security.authenticator().authenticate(Wire.Head.with(null).field("X-User", who));
        return ((Authenticator.Admission.Rejected) admission).refusal();
    }

    /** The stdio caller's tasks, grants and approvals are kept by a name that nobody on the network may have. */
    @Test
    void nobodyOnTheNetworkIsTheLocalCaller() {
        Security security = Security.in(Environment.TEST).authenticator(OWN).build();
        assertThat(Caller.of("local").identity()).isEqualTo(Caller.local().identity());
        assertThat(refusal(security, "local")).isInstanceOf(Refusal.Unauthenticated.class);
        for (String subject : List.of("local", "anonymous")) {
            assertThatThrownBy(() -> security.users().create(subject, null, "", Set.of()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("stands for no person");
            assertThat(security.users().create(subject, "acme", "", Set.of())).isNotNull();
        }
        try (McpServer server = server(security)) {
            assertThat(Wire.local(server).call("open", "{}").result().toString())
                    .contains("ran");
        }
    }

    @Test
    void issuersWhoseTokensAreForAnywhereAreNamedHoweverTheyAreGiven() {
        KeyPair pair = Jose.rsa();
        ProtectedResources resources = ProtectedResources.of(ENDPOINT.resource());
        JwtVerifier tokens = JwtVerifier.builder(resources)
                .issuer(TokenIssuer.builder("https://a.example.com", KeySource.key(pair.getPublic()))
                        .claims(ClaimsMapping.builder().subjectPrefix("a:").build())
                        .build())
                .issuer(TokenIssuer.builder("https://b.example.com", KeySource.key(pair.getPublic()))
                        .claims(ClaimsMapping.builder()
                                .tenant("b")
                                .subjectPrefix("b:")
                                .environmentFrom("env")
                                .build())
                        .build())
                .build();
        ClientAuthentication client = ClientAuthentication.basic("me", () -> "secret");
        URI asking = URI.create("https://c.example.com/introspect");
        IntrospectionVerifier opaque = IntrospectionVerifier.builder(resources, "https://c.example.com", asking, client)
                .build();
        IntrospectionVerifier bound = IntrospectionVerifier.builder(resources, "https://d.example.com", asking, client)
                .claims(ClaimsMapping.builder().environmentFrom("env").build())
                .build();
        TokenExchange exchange = TokenExchange.builder(asking, client).build();
        BearerAuthenticator.Builder bearer = BearerAuthenticator.builder(ENDPOINT)
                .verifier(exchange.keeping(tokens))
                .verifier(opaque)
                .verifier(bound);
        assertThat(warning(bearer.build())).contains("[https://a.example.com, https://c.example.com]");
        assertThat(warning(bearer.environment(Environment.PRODUCTION, true).build()))
                .as("tokens that do not say it are refused")
                .doesNotContain("which environment");
    }

    /** What is logged where somebody starts it in production. */
    private static String warning(BearerAuthenticator bearer) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (Home home = SqlHome.sqlite(Files.createTempDirectory("mortise"))) {
            Security.in(Environment.PRODUCTION)
                    .stores(home.stores())
                    .audit(event -> {})
                    .authenticator(bearer)
                    .build();
        } catch (Exception e) {
            throw new AssertionError(e);
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
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
                // Each has an id of its own: what is known of a credential is taken down once in a while.
                String token =
                        tokens.with(claims -> claims.put("env", environment).put("jti", "of " + environment));
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
