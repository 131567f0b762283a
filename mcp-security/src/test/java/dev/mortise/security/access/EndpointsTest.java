package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.http.HttpRoute;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.mcp.transport.Received;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityBuilder;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ProtectedResources;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.token.Jose;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TestHead;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.token.Tokens;
import java.security.KeyPair;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A server at several endpoints: who is refused at one is told of that one, whoever refuses them. */
class EndpointsTest {
    private static final String ONE = "https://one.example/mcp";
    private static final String TWO = "https://two.example/mcp";
    private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource/mcp";

    private static SecurityBuilder builder(Environment environment, String... endpoints) {
        ResourceMetadata[] metadata = java.util.Arrays.stream(endpoints)
                .map(endpoint -> ResourceMetadata.of(endpoint, "https://login.example.com"))
                .toArray(ResourceMetadata[]::new);
        return Security.in(environment)
                .authenticatorOf(keys ->
                        BearerAuthenticator.builder(metadata).verifier(keys).build());
    }

    private static McpServer server(Security security) {
        return McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("write")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.MEDIUM)
                        .with(Requirement.ATTRIBUTE, Requirement.scopes("b", "a"))
                        .handle((in, call) -> "ran"))
                .build();
    }

    private static Received call(McpServer server, String endpoint, String key) {
        TestHead head = TestHead.of(endpoint)
                .with("Authorization", "Bearer " + key)
                .with("MCP-Protocol-Version", "2026-07-28")
                .with("Mcp-Method", "tools/call")
                .with("Mcp-Name", "write");
        String request = Json.object()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", "tools/call")
                .set(
                        "params",
                        Wire.json("{'name':'write','arguments':{},'_meta':{"
                                + "'io.modelcontextprotocol/protocolVersion':'2026-07-28',"
                                + "'io.modelcontextprotocol/clientCapabilities':{}}}"))
                .toString();
        return InMemoryTransport.to(server::handle).from(head).send(request);
    }

    private static String challenge(Received received) {
        return received.reply().headers().getOrDefault("WWW-Authenticate", "none");
    }

    @Test
    void missingScopesAreToldWithTheMetadataOfTheEndpointThatWasAsked() {
        Security security = builder(Environment.TEST, ONE, TWO).build();
        String key = security.keys()
                .issue("ann", "acme", "", KeyLimits.BASIC.withScopes("a"))
                .secret();
        try (McpServer server = server(security)) {
            for (String endpoint : new String[] {ONE, TWO}) {
                Received refused = call(server, endpoint, key);
                assertThat(refused.reply().status()).isEqualTo(403);
                assertThat(challenge(refused))
                        .contains(
                                "error=\"insufficient_scope\"",
                                "scope=\"a b\"",
                                "resource_metadata=\"" + endpoint.replace("/mcp", WELL_KNOWN) + "\"");
            }
        }
    }

    @Test
    void aDisabledUserIsToldOfTheEndpointThatWasAsked() {
        Security security = builder(Environment.TEST, ONE, TWO).knownUsersOnly().build();
        String key = security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
        try (McpServer server = server(security)) {
            Received refused = call(server, TWO, key);
            assertThat(refused.reply().status()).isEqualTo(401);
            assertThat(challenge(refused)).contains(TWO.replace("/mcp", WELL_KNOWN));
        }
    }

    /** A host that composes its authenticator need not say again where it is. */
    @Test
    void oneEndpointIsKnownWithoutBeingNamedTwice() {
        Security security = builder(Environment.TEST, ONE).build();
        String key = security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
        try (McpServer server = server(security)) {
            assertThat(challenge(call(server, ONE, key)))
                    .contains("scope=\"a b\"", "resource_metadata=\"" + ONE.replace("/mcp", WELL_KNOWN) + "\"");
        }
    }

    @Test
    void productionWantsEveryEndpointToBeReachedByTls() {
        assertThatThrownBy(() -> builder(Environment.PRODUCTION, ONE, "http://two.example/mcp")
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("http://two.example/mcp")
                .hasMessageNotContaining("one.example");
    }

    private static int keysOf(McpServer server, String token) {
        HttpRoute route = server.routes().stream()
                .filter(each -> each.method().equals("GET") && each.path().equals("/admin/keys"))
                .findFirst()
                .orElseThrow();
        TestHead head = TestHead.of("https://two.example/admin/keys").with("Authorization", "Bearer " + token);
        return route.handler().handle(new HttpRoute.Request(head, new byte[0])).status();
    }

    @Test
    void administratorsAreKnownBesideTheEndpoints() {
        KeyPair pair = Jose.rsa();
        RecordedTrail trail = new RecordedTrail();
        ResourceMetadata one = ResourceMetadata.of(ONE, "https://login.example.com");
        ResourceMetadata two = ResourceMetadata.of(TWO, "https://login.example.com");
        Security security = Security.in(Environment.TEST)
                .audit(trail)
                .administration("/admin")
                .authenticatorOf(keys -> BearerAuthenticator.builder(one, two)
                        .verifier(keys)
                        .verifier(JwtVerifier.builder(ProtectedResources.of(one.resource(), two.resource()))
                                .issuer(TokenIssuer.of(
                                        "https://login.example.com", KeySource.keys(Map.of("k1", pair.getPublic()))))
                                .build())
                        .build())
                .build();
        String admin = security.keys()
                .issue("root", null, "", KeyLimits.BASIC.withScopes("mortise:admin"))
                .secret();
        String user = security.keys().issue("ann", "acme", "", KeyLimits.BASIC).secret();
        try (McpServer server = server(security)) {
            assertThat(keysOf(server, admin)).isEqualTo(200);
            assertThat(keysOf(server, user)).isEqualTo(403);
            assertThat(keysOf(server, "wrong")).isEqualTo(401);
            for (String endpoint : new String[] {ONE, TWO, "https://three.example/mcp"}) {
                Tokens tokens = new Tokens("https://login.example.com", endpoint, Clock.systemUTC(), "k1", pair);
                boolean ours = !endpoint.contains("three");
                trail.events().clear();
                assertThat(keysOf(
                                server,
                                tokens.with(
                                        claims -> claims.put("jti", endpoint).put("scope", "mortise:admin"))))
                        .as(endpoint)
                        .isEqualTo(ours ? 200 : 401);
                assertThat(trail.events().getFirst().target()).isEqualTo(ours ? endpoint : ONE);
                assertThat(trail.events()).hasSize(ours ? 2 : 1);
                assertThat(keysOf(server, tokens.good())).isEqualTo(ours ? 403 : 401);
            }
            // An MCP request at an address that is no endpoint is none, as before.
            assertThat(call(server, "https://one.example/other", admin).reply().status())
                    .isEqualTo(404);
        }
    }
}
