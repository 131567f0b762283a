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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
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
}
