package dev.mortise.security.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.transport.Conversation;
import dev.mortise.security.Environment;
import dev.mortise.security.Security;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.MemoryHome;
import dev.mortise.security.user.Roles;
import dev.mortise.security.user.User;
import dev.mortise.security.user.UserDirectory;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A team that has a directory of users of its own, and two replicas. */
@Timeout(60)
class OwnDirectoryTest {
    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

    /** As an LDAP server would be: it knows people, goes down, and tells nobody of changes. */
    private static final class Directory implements UserDirectory {
        final Map<String, User> users = new ConcurrentHashMap<>();
        volatile boolean down;

        void has(String subject, boolean disabled, String... roles) {
            users.put(
                    "acme/" + subject,
                    new User(subject, "acme", subject, Set.of(roles), CREATED, disabled ? CREATED : null));
        }

        @Override
        public Optional<User> find(String subject, @Nullable String tenant) {
            if (down) {
                throw new IllegalStateException("ldap://10.1.2.3 refused the connection");
            }
            return Optional.ofNullable(users.get(tenant + "/" + subject));
        }
    }

    private final Directory directory = new Directory();
    private final MemoryHome home = new MemoryHome();
    private final Security here = replica();
    private final Security there = replica();
    private final McpServer one = server(here);
    private final McpServer two = server(there);

    private Security replica() {
        return Security.in(Environment.TEST)
                .stores(home.stores())
                .users(directory)
                .knownUsersOnly()
                .roles(Roles.none().role("reader", "a").role("editor", "a", "b"))
                .pollInterval(Duration.ofMillis(20))
                .authenticatorOf(TestAuthenticator::new)
                .build();
    }

    private static McpServer server(Security security) {
        return McpServer.builder("test", "1")
                .plugin(security)
                .tool(Tool.named("edit")
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.LOW)
                        .with(Requirement.ATTRIBUTE, Requirement.scopes("b"))
                        .handle((in, call) -> "ran"))
                .build();
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private String key(String subject) {
        return here.keys()
                .issue(subject, "acme", "", KeyLimits.BASIC.withScopes("a", "b"))
                .secret();
    }

    private static int edit(McpServer server, String key) {
        return Wire.to(server, key).call("edit", "{}").reply().status();
    }

    @Test
    void itSaysWhoIsAUserAndWhatTheyMay() {
        directory.has("ann", false, "editor");
        directory.has("bob", false, "reader");
        directory.has("eve", true, "editor");
        assertThat(edit(one, key("ann"))).isEqualTo(200);
        assertThat(edit(one, key("bob"))).as("a reader does not edit").isEqualTo(403);
        assertThat(edit(one, key("eve"))).as("disabled").isEqualTo(401);
        assertThat(edit(one, key("nobody"))).as("no user").isEqualTo(401);
    }

    @Test
    void whatIsAnnouncedCountsEverywhereAndEndsWhatIsOpen() {
        directory.has("ann", false, "editor");
        String key = key("ann");
        assertThat(edit(one, key)).isEqualTo(200);
        try (Conversation listening =
                Wire.to(two, key).open("subscriptions/listen", "{'notifications':{'toolsListChanged':true}}")) {
            assertThat(listening.next().method()).isEqualTo("notifications/subscriptions/acknowledged");
            directory.has("ann", true, "editor");
            here.users().announce("ann", "acme");
            listening.end();
        }
        assertThat(edit(two, key)).isEqualTo(401);
        Eventually.holds("refused here, too", () -> edit(one, key) == 401);
    }

    @Test
    void whileItIsDownNobodyComesInAndNothingIsToldOfIt() {
        directory.has("ann", false, "editor");
        String key = key("ann");
        directory.down = true;
        var refused = Wire.to(one, key).call("edit", "{}").reply();
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.headers()).containsKey("Retry-After");
        assertThat(refused.toString()).doesNotContain("ldap").doesNotContain("Exception");
        directory.down = false;
        assertThat(edit(one, key)).isEqualTo(200);
    }
}
