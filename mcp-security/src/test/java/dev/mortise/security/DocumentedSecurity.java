package dev.mortise.security;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Target;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.server.ToolCall;
import dev.mortise.mcp.store.jdbc.Database;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Approvals;
import dev.mortise.security.access.Requirement;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.access.SignIn;
import dev.mortise.security.audit.AuditLog;
import dev.mortise.security.auth.BearerAuthenticator;
import dev.mortise.security.auth.ResourceMetadata;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.limit.Limit;
import dev.mortise.security.limit.Rate;
import dev.mortise.security.limit.RateLimits;
import dev.mortise.security.replay.IdempotentCalls;
import dev.mortise.security.replay.JdbcReplayStore;
import dev.mortise.security.secret.SecretCheck;
import dev.mortise.security.secret.Secrets;
import dev.mortise.security.store.SecurityStores;
import dev.mortise.security.token.IntrospectionVerifier;
import dev.mortise.security.token.JwksOptions;
import dev.mortise.security.token.JwtVerifier;
import dev.mortise.security.token.KeySource;
import dev.mortise.security.token.TokenIssuer;
import dev.mortise.security.user.Roles;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;
import tools.jackson.databind.node.ObjectNode;

/** The code that docs/security.md and the security chapter of docs/guide.md show. */
final class DocumentedSecurity {
    private DocumentedSecurity() {}

    record Folder(String path) {}

    static McpServer server(DataSource dataSource, AuditLog log, Secrets secrets) {
        Security security = Security.in(Environment.PRODUCTION)
                .secrets(SecretCheck.of(secrets).present("database-password"))
                .stores(SecurityStores.sql(dataSource).migrate())
                .audit(log)
                .endpoint(
                        ResourceMetadata.of("https://mcp.example.com/mcp", "https://login.example.com", "files:read"),
                        TokenIssuer.of("https://login.example.com", KeySource.discovered(JwksOptions.defaults())))
                .scopes(ScopeHierarchy.none().contains("files:write", "files:read"))
                .limits(RateLimits.builder()
                        .addresses(Rate.perMinute(600).withBurst(100))
                        .limit(Limit.perCaller("caller", Rate.perMinute(60).withBurst(10)))
                        .audit(log)
                        .build())
                .idempotentCalls(IdempotentCalls.in(JdbcReplayStore.migrate(Database.of(dataSource)))
                        .build())
                .administration("/admin")
                .build();
        McpServer server = McpServer.builder("files", "1.0")
                .plugin(security)
                .tool(Tool.named("delete_folder")
                        .input(Folder.class)
                        .with(SecurityLevel.ATTRIBUTE, SecurityLevel.CRITICAL)
                        .with(
                                Requirement.ATTRIBUTE,
                                Requirement.scopes("files:write").onlyFor("acme"))
                        .handle((folder, call) -> "Deleted " + folder.path()))
                .build();
        issue(security);
        return server;
    }

    static SecurityBuilder several(
            SecurityBuilder builder,
            ResourceMetadata one,
            ResourceMetadata two,
            JwtVerifier tokens,
            IntrospectionVerifier opaque) {
        return builder.authenticatorOf(keys -> BearerAuthenticator.builder(one, two)
                .verifier(keys)
                .verifier(tokens)
                .verifier(opaque)
                .build());
    }

    private static void issue(Security security) {
        IssuedKey key = security.keys().issue("ann", "acme", "build server", KeyLimits.BASIC.withScopes("files:read"));
        IssuedKey narrower = security.keys().child(key.key().id(), "one job", KeyLimits.BASIC.withTools("read_file"));
        IssuedKey next = security.keys().rotate(key.key().id(), Duration.ofDays(1));
        security.keys().revoke(next.key().id());
        System.Logger logger = System.getLogger("keys");
        logger.log(System.Logger.Level.DEBUG, () -> "Made " + narrower);
    }

    static SecurityBuilder people(SecurityBuilder builder) {
        return builder.roles(Roles.none().role("reader", "files:read").role("editor", "files:read", "files:write"))
                .knownUsersOnly();
    }

    static void users(Security security) {
        security.users().create("ann", "acme", "Ann", Set.of("editor"));
        security.users().disable("ann", "acme");
    }

    static SecurityBuilder page(SecurityBuilder builder, SignIn signIn) {
        return builder.approvalPage(URI.create("https://mcp.example.com/approve"), signIn, Duration.ofSeconds(20))
                .approvals(Duration.ofMinutes(15), Duration.ofMinutes(5))
                .fourEyes();
    }

    static String request(Security security, ToolCall call, ObjectNode arguments) {
        String told = switch (security.approvals()
                .request(call.caller(), Target.Kind.TOOL, "delete_folder", arguments)) {
            case Approvals.Requested.Open open -> "Request " + open.approval().id() + " waits for a decision";
            case Approvals.Requested.NotNeeded none -> "Make the call";
            case Approvals.Requested.Refused refused -> refused.message();
        };
        return told;
    }

    static void decide(Security security, Caller administrator) {
        for (Approval open : security.approvals().list("acme", Approval.Status.PENDING, null, 100)) {
            security.approvals().approve(open.id(), administrator);
        }
    }
}
