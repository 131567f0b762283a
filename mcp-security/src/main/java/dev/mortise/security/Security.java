package dev.mortise.security;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.extension.RunningServer;
import dev.mortise.mcp.extension.ServerCompanion;
import dev.mortise.security.access.Approvals;
import dev.mortise.security.key.ApiKeys;
import dev.mortise.security.standing.Standing;
import dev.mortise.security.user.Roles;
import dev.mortise.security.user.Users;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may do what on a server: one plugin, put together from parts. It belongs to one server, and works from when that is
 * built to when it is closed; the stores are borrowed. Thread-safe.
 *
 * <pre>{@code
 * Security security = Security.in(Environment.DEVELOPMENT).endpoint(ResourceMetadata.of(…)).build();
 * McpServer server = McpServer.builder("files", "1.0").plugin(security).tool(…).build();
 * }</pre>
 */
public final class Security implements McpServer.Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(Security.class);
    private static final Duration UPKEEP = Duration.ofSeconds(10);
    private static final int ROUNDS_PER_SWEEP = 360;
    private static final Duration KEPT = Duration.ofDays(30);

    private final SecurityBuilder parts;
    private final Standing standing;
    private final ApiKeys keys;
    private final Users users;
    private final Approvals approvals;
    private final BiConsumer<String, Instant> revocations;
    private final Authenticator authenticator;
    private final List<McpServer.Plugin> plugins;

    Security(
            SecurityBuilder parts,
            Standing standing,
            ApiKeys keys,
            Users users,
            Approvals approvals,
            BiConsumer<String, Instant> revocations,
            Authenticator authenticator,
            List<McpServer.Plugin> plugins) {
        this.parts = parts;
        this.standing = standing;
        this.keys = keys;
        this.users = users;
        this.approvals = approvals;
        this.revocations = revocations;
        this.authenticator = authenticator;
        this.plugins = List.copyOf(plugins);
    }

    /** Begins with where the server runs; where that {@linkplain Environment#isProduction is production}, no defaults that are for development are taken. */
    public static SecurityBuilder in(Environment environment) {
        return new SecurityBuilder(environment);
    }

    /** Issues, rotates and revokes API keys. */
    public ApiKeys keys() {
        return keys;
    }

    /** Users of the stores, and announcements of a directory of your own. */
    public Users users() {
        return users;
    }

    /** What roles allow. */
    public Roles roles() {
        return parts.roles;
    }

    public Approvals approvals() {
        return approvals;
    }

    /**
     * Who calls, as the server itself finds out, with all that is checked: for routes of other modules beside it.
     * There a token of any endpoint of the server is good: ask for a scope of your own.
     */
    public Authenticator authenticator() {
        return authenticator;
    }

    /**
     * Takes a token no more, here and on every replica within five seconds, and ends what its callers have open.
     *
     * @param credentialId as {@link Credential#id()}
     * @param until when it expires by itself, so that it can be forgotten
     */
    public void revokeToken(String credentialId, Instant until) {
        revocations.accept(credentialId, until);
    }

    @Override
    public void install(McpServerBuilder builder) {
        plugins.forEach(builder::plugin);
        builder.companion(new Life());
    }

    private final class Life implements ServerCompanion {
        private final CountDownLatch stopped = new CountDownLatch(1);

        @Override
        public void start(RunningServer server) {
            standing.guard(server);
            standing.start(parts.pollInterval);
            Thread.ofVirtual().name("mortise-security").start(this::upkeep);
        }

        private void upkeep() {
            try {
                for (int round = 1; !stopped.await(UPKEEP.toNanos(), TimeUnit.NANOSECONDS); round++) {
                    keys.writeLastUsed();
                    if (round % ROUNDS_PER_SWEEP == 0) {
                        sweep();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void sweep() {
            try {
                Instant before = parts.clock.instant().minus(KEPT);
                parts.stores.access().sweep(before);
                parts.stores.keys().sweep(before);
            } catch (RuntimeException e) {
                LOG.warn("Old approvals and payments are forgotten later: {}", e.toString());
            }
        }

        @Override
        public void stop(Duration grace) {
            stopped.countDown();
            standing.close();
            keys.writeLastUsed();
        }
    }
}
