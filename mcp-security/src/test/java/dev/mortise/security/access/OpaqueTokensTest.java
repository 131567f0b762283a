package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.store.MemoryHome;
import dev.mortise.security.token.ClaimsMapping;
import dev.mortise.security.token.ClientAuthentication;
import dev.mortise.security.token.FakeIssuer;
import dev.mortise.security.token.IntrospectionVerifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two replicas, one issuer, and tokens that only that issuer understands: when its revocation counts where. */
@Timeout(60)
class OpaqueTokensTest {
    private static final String ENDPOINT = "https://mcp.example.com/mcp";
    private static final String TOKEN = "opaque-1";

    private final TestClock clock = new TestClock();
    private final FakeIssuer issuer = new FakeIssuer();
    private final MemoryHome home = new MemoryHome();
    private final List<McpServer> servers = new ArrayList<>();
    private McpServer here;
    private McpServer there;
    private Security security;

    private McpServer replica(boolean passingOn) {
        ResourceMetadata metadata = ResourceMetadata.of(ENDPOINT, issuer.id());
        security = Security.in(Environment.TEST)
                .stores(home.stores())
                .clock(clock)
                .pollInterval(Duration.ofMillis(20))
                .authenticatorOf(keys -> {
                    BearerAuthenticator.Builder bearer =
                            BearerAuthenticator.builder(metadata).clock(clock).verifier(keys);
                    IntrospectionVerifier.Builder tokens = IntrospectionVerifier.builder(
                                    dev.mortise.security.auth.ProtectedResources.of(metadata.resource()),
                                    issuer.id(),
                                    issuer.url("/introspect"),
                                    ClientAuthentication.basic(FakeIssuer.CLIENT, () -> FakeIssuer.SECRET))
                            .claims(ClaimsMapping.builder()
                                    .tenantFrom(Set.of(), "tenant")
                                    .build())
                            .clock(clock);
                    if (passingOn) {
                        tokens.whenInactive(facts ->
                                home.stores().revokedCredentials().revoke(facts.credentialId(), facts.expiresAt()));
                    }
                    return bearer.verifier(tokens.build()).build();
                })
                .build();
        McpServer server = McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("work")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .handle((in, call) -> "ran"))
                .build();
        servers.add(server);
        return server;
    }

    private void start(boolean passingOn) {
        here = replica(passingOn);
        there = replica(passingOn);
    }

    @BeforeEach
    void issue() {
        issuer.answer(
                TOKEN,
                Json.object()
                        .put("active", true)
                        .put("sub", "ann")
                        .put("tenant", "acme")
                        .put("aud", ENDPOINT)
                        .put("jti", "t-1")
                        .put("exp", clock.instant().getEpochSecond() + 3600));
    }

    @AfterEach
    void close() {
        servers.forEach(McpServer::close);
        issuer.close();
    }

    private static int call(McpServer server) {
        return Wire.to(server, TOKEN).call("work", "{}").reply().status();
    }

    private static Conversation listen(McpServer server) {
        Conversation listening =
                Wire.to(server, TOKEN).open("subscriptions/listen", "{'notifications':{'toolsListChanged':true}}");
        assertThat(listening.next().method()).isEqualTo("notifications/subscriptions/acknowledged");
        return listening;
    }

    /** Each replica has asked at a time of its own, and believes what it heard for a minute from then on. */
    @Test
    void whatTheIssuerTakesBackIsRefusedByEachReplicaWithinAMinuteOfItsAsking() {
        start(false);
        assertThat(call(here)).isEqualTo(200);
        clock.pass(Duration.ofSeconds(30));
        assertThat(call(there)).isEqualTo(200);
        issuer.answer(TOKEN, Json.object().put("active", false));
        clock.pass(Duration.ofSeconds(29));
        assertThat(call(here)).as("59 s old").isEqualTo(200);
        clock.pass(Duration.ofSeconds(1));
        assertThat(call(here)).as("60 s old").isEqualTo(401);
        assertThat(call(there)).as("30 s old").isEqualTo(200);
        clock.pass(Duration.ofSeconds(30));
        assertThat(call(there)).as("60 s old").isEqualTo(401);
        assertThat(call(here)).isEqualTo(401);
    }

    @Test
    void whatOneReplicaLearnsTheOtherKnows() {
        start(true);
        assertThat(call(here)).isEqualTo(200);
        clock.pass(Duration.ofSeconds(59));
        assertThat(call(there)).isEqualTo(200);
        try (Conversation one = listen(here);
                Conversation two = listen(there)) {
            issuer.answer(TOKEN, Json.object().put("active", false));
            clock.pass(Duration.ofSeconds(1));
            assertThat(call(here)).as("it asks again").isEqualTo(401);
            // The other would believe what it heard for 59 seconds more.
            one.end();
            two.end();
            assertThat(call(there)).isEqualTo(401);
        }
    }

    @Test
    void whatIsRevokedHereIsRefusedEverywhereWhateverTheIssuerSays() {
        start(false);
        assertThat(call(here)).isEqualTo(200);
        assertThat(call(there)).isEqualTo(200);
        try (Conversation two = listen(here)) {
            security.revokeToken("t-1", clock.instant().plusSeconds(3600));
            two.end();
        }
        Eventually.holds("refused by one", () -> call(here) == 401);
        Eventually.holds("refused by the other", () -> call(there) == 401);
    }
}
