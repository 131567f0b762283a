package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.task.TaskMode;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.mcp.transport.HttpHead;
import dev.mortise.mcp.transport.InMemoryTransport;
import dev.mortise.security.Credential;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.Home;
import dev.mortise.security.store.SqlHome;
import dev.mortise.security.user.Roles;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas with the interval that they have unless set: what is taken from somebody ends on both. How soon is no matter of
 * this machine's mood: a look every second, at most every two ({@code SecurityTest}), and nothing that is remembered is
 * believed three seconds after the last ({@code ApiKeysTest}).
 */
@Timeout(60)
class RevocationTest {
    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private Home home;
    private Replica here;
    private Replica there;

    private final class Replica {
        final Security security;
        final McpServer server;

        Replica(Roles roles) {
            security = Security.in(Environment.TEST)
                    .stores(home.stores())
                    .clock(clock)
                    .roles(roles)
                    .authenticatorOf(keys -> origin -> {
                        // Tokens of another issuer are called token-<subject>.
                        String field =
                                ((HttpHead) origin).header("Authorization").orElse("");
                        if (!field.startsWith("Bearer token-")) {
                            return new TestAuthenticator(keys).authenticate(origin);
                        }
                        String token = field.substring("Bearer ".length());
                        return Authenticator.admit(Caller.of(token.substring(6))
                                .withTenant("acme")
                                .withScopes(Set.of("a", "b"))
                                .with(
                                        Credential.ATTRIBUTE,
                                        new Credential(Credential.Kind.JWT, token, null, SecurityLevel.MEDIUM, null)));
                    })
                    .build();
            server = McpServer.builder("test", "1")
                    .plugin(Tasks.create())
                    .plugin(security)
                    .tool(Tool.named("work")
                            .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                            .with(Tasks.MODE, TaskMode.always())
                            .handle((in, call) -> {
                                try {
                                    Thread.sleep(Duration.ofMinutes(1));
                                    return "done";
                                } finally {
                                    cancelled.countDown();
                                }
                            }))
                    .tool(Tool.named("scoped")
                            .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                            .with(Requirement.ATTRIBUTE, Requirement.scopes("b"))
                            .handle((in, call) -> "ran"))
                    .build();
        }
    }

    @BeforeEach
    void open() {
        home = SqlHome.sqlite(directory);
        here = new Replica(Roles.none());
        there = new Replica(Roles.none());
    }

    @AfterEach
    void close() throws Exception {
        here.server.close();
        there.server.close();
        home.close();
    }

    private static Conversation listen(McpServer server, String token) {
        Conversation listening =
                Wire.to(server, token).open("subscriptions/listen", "{'notifications':{'toolsListChanged':true}}");
        assertThat(listening.next().method()).isEqualTo("notifications/subscriptions/acknowledged");
        return listening;
    }

    private void endsBothOf(String token, String bystander, Runnable taken) throws Exception {
        try (Conversation one = listen(here.server, token);
                Conversation two = listen(there.server, token);
                Conversation other = listen(there.server, bystander)) {
            Wire.to(there.server, token).can(Wire.TASKS).call("work", "{}");
            taken.run();
            one.end();
            two.end();
            assertThat(cancelled.await(10, java.util.concurrent.TimeUnit.SECONDS))
                    .isTrue();
            assertThat(Wire.to(there.server, token).call("scoped", "{}").reply().status())
                    .isEqualTo(401);
            assertThat(other.reply()).isEmpty();
        }
    }

    /**
     * Waits until the other replica has finished a look that began after this was called: the second of these keys is revoked
     * when the look that ended the first one is under way or over.
     */
    private void theOtherReplicaLooks() {
        for (int i = 0; i < 2; i++) {
            IssuedKey key = key("witness");
            try (Conversation listening = listen(there.server, key.secret())) {
                here.security.keys().revoke(key.key().id());
                listening.end();
            }
        }
    }

    private IssuedKey key(String subject) {
        return here.security.keys().issue(subject, "acme", "", KeyLimits.BASIC.withScopes("a", "b"));
    }

    @Test
    void aRevokedKeyEndsWhatItHasOpen() throws Exception {
        IssuedKey key = key("ann");
        endsBothOf(
                key.secret(),
                key("ann").secret(),
                () -> here.security.keys().revoke(key.key().id()));
    }

    @Test
    void aDisabledUserEndsWithEveryCredential() throws Exception {
        here.security.users().create("ann", "acme", "Ann", Set.of());
        here.security.users().create("bob", "acme", "Bob", Set.of());
        endsBothOf(
                key("ann").secret(),
                key("bob").secret(),
                () -> here.security.users().disable("ann", "acme"));
        assertThat(Wire.to(there.server, "token-ann")
                        .call("scoped", "{}")
                        .reply()
                        .status())
                .isEqualTo(401);
        here.security.users().enable("ann", "acme");
        Eventually.holds(
                "welcome again",
                () -> Wire.to(there.server, "token-ann")
                                .call("scoped", "{}")
                                .reply()
                                .status()
                        == 200);
    }

    @Test
    void aRevokedTokenEnds() throws Exception {
        endsBothOf(
                "token-ann",
                "token-bob",
                () -> here.security.revokeToken("token-ann", Instant.now().plusSeconds(600)));
    }

    @Test
    void anExpiredKeyEnds() throws Exception {
        IssuedKey key = here.security
                .keys()
                .issue(
                        "ann",
                        "acme",
                        "",
                        KeyLimits.BASIC.withExpiry(clock.instant().plusSeconds(60)));
        endsBothOf(key.secret(), key("bob").secret(), () -> clock.pass(Duration.ofSeconds(60)));
    }

    @Test
    void aRotatedKeyEndsWithItsOverlap() throws Exception {
        IssuedKey key = key("ann");
        try (Conversation listening = listen(there.server, key.secret())) {
            here.security.keys().rotate(key.key().id(), Duration.ofMinutes(30));
            // The other replica has heard of it, and the stream goes on.
            Eventually.holds(
                    "heard",
                    () -> there.security
                                    .keys()
                                    .find(key.key().id())
                                    .orElseThrow()
                                    .limits()
                                    .expiresAt()
                            != null);
            theOtherReplicaLooks();
            assertThat(listening.reply()).isEmpty();
            clock.pass(Duration.ofMinutes(30));
            listening.end();
        }
    }

    @Test
    void aLegacySessionEnds() {
        IssuedKey key = key("ann");
        InMemoryTransport wire = InMemoryTransport.to(there.server::handle).from(Wire.Head.with(key.secret()));
        String initialize = Json.object()
                .put("jsonrpc", "2.0")
                .put("id", 1)
                .put("method", "initialize")
                .set(
                        "params",
                        Wire.json(
                                "{'protocolVersion':'2025-11-25','capabilities':{},'clientInfo':{'name':'t','version':'1'}}"))
                .toString();
        String session = wire.send(initialize).reply().headers().get("Mcp-Session-Id");
        InMemoryTransport inSession = InMemoryTransport.to(there.server::handle)
                .from(Wire.Head.with(key.secret())
                        .field("Mcp-Session-Id", session)
                        .field("MCP-Protocol-Version", "2025-11-25"));
        String ping = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}";
        assertThat(inSession.send(ping).reply().status()).isEqualTo(200);
        IssuedKey second = key("ann");
        here.security.keys().revoke(key.key().id());
        InMemoryTransport withAnother = InMemoryTransport.to(there.server::handle)
                .from(Wire.Head.with(second.secret())
                        .field("Mcp-Session-Id", session)
                        .field("MCP-Protocol-Version", "2025-11-25"));
        // Looked at without using it, which would hand it to the other key.
        Eventually.holds("refused", () -> inSession.send(ping).reply().status() == 401);
        theOtherReplicaLooks();
        assertThat(withAnother.send(ping).reply().status()).isEqualTo(404);
    }

    @Test
    void rolesBoundWhatACredentialGrants() {
        Replica bounded = new Replica(Roles.none().role("reader", "a").role("editor", "a", "b"));
        bounded.security.users().create("ann", "acme", "", Set.of("reader"));
        try {
            assertThat(Wire.to(bounded.server, "token-ann")
                            .call("scoped", "{}")
                            .reply()
                            .status())
                    .isEqualTo(403);
            assertThat(Wire.to(bounded.server, "token-nobody")
                            .call("scoped", "{}")
                            .reply()
                            .status())
                    .isEqualTo(403);
            here.security.users().assign("ann", "acme", Set.of("editor"));
            Eventually.holds(
                    "heard of the role",
                    () -> Wire.to(bounded.server, "token-ann")
                                    .call("scoped", "{}")
                                    .reply()
                                    .status()
                            == 200);
        } finally {
            bounded.server.close();
        }
    }
}
