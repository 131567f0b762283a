package dev.mortise.security;

import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Tool;
import dev.mortise.security.access.Approval;
import dev.mortise.security.access.Requirement;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.access.SignIn;
import dev.mortise.security.access.TestAuthenticator;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.key.ApiKeys;
import dev.mortise.security.key.IssuedKey;
import dev.mortise.security.key.KeyLimits;
import dev.mortise.security.store.SecurityStores;
import dev.mortise.security.user.Roles;
import java.net.URI;
import java.time.Duration;
import java.util.Set;
import javax.sql.DataSource;

/** The code that docs/security.md and the security chapter of docs/guide.md show. */
final class DocumentedSecurity {
    private DocumentedSecurity() {}

    static Authenticator bearer(ApiKeys keys) {
        return new TestAuthenticator(keys);
    }

    record Folder(String path) {}

    static McpServer server(DataSource dataSource, AuditTrail trail) {
        Security security = Security.in(Environment.PRODUCTION)
                .stores(SecurityStores.sql(dataSource).migrate())
                .audit(trail)
                .resource(ProtectedResource.of("https://mcp.example.com/mcp"))
                .authenticatorOf(keys -> bearer(keys))
                .scopes(ScopeHierarchy.none().contains("files:write", "files:read"))
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

    static void decide(Security security, Caller administrator) {
        for (Approval open : security.approvals().list("acme", Approval.Status.PENDING, null, 100)) {
            security.approvals().approve(open.id(), administrator);
        }
    }
}
