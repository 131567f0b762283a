package dev.mortise.security;

import dev.mortise.mcp.call.Authenticator;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.mcp.transport.LocalProcess;
import dev.mortise.mcp.transport.Origin;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.audit.AuditEvent;
import dev.mortise.security.audit.AuditTrail;
import dev.mortise.security.audit.AuditUnavailable;
import dev.mortise.security.auth.ProtectedResource;
import dev.mortise.security.standing.RevocationCheck;
import dev.mortise.security.user.Roles;
import dev.mortise.security.user.User;
import dev.mortise.security.user.UserCheck;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds those whom an authenticator admits to what is known of them here: a revoked token, a disabled user, another
 * environment are refused; roles bound the scopes. Thread-safe.
 */
final class CheckedAuthenticator implements Authenticator {
    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final Authenticator inner;
    private final Environment environment;
    private final RevocationCheck revocations;
    private final UserCheck users;
    private final Roles roles;
    private final ScopeHierarchy hierarchy;
    private final @Nullable ProtectedResource resource;
    private final AuditTrail audit;
    private final Clock clock;

    CheckedAuthenticator(
            Authenticator inner,
            Environment environment,
            RevocationCheck revocations,
            UserCheck users,
            Roles roles,
            ScopeHierarchy hierarchy,
            @Nullable ProtectedResource resource,
            AuditTrail audit,
            Clock clock) {
        this.inner = inner;
        this.environment = environment;
        this.revocations = revocations;
        this.users = users;
        this.roles = roles;
        this.hierarchy = hierarchy;
        this.resource = resource;
        this.audit = audit;
        this.clock = clock;
    }

    @Override
    public Admission authenticate(Origin origin) {
        try {
            return switch (inner.authenticate(origin)) {
                case Admission.Rejected rejected -> rejected;
                case Admission.Admitted admitted -> checked(admitted, origin);
            };
        } catch (StoreUnavailable e) {
            LOG.warn("Who calls cannot be found out: refused, {}", e.toString());
            return Authenticator.reject(new Refusal.DependencyUnavailable("authentication", RETRY));
        }
    }

    private Admission checked(Admission.Admitted admitted, Origin origin) {
        Caller caller = admitted.caller();
        Credential credential = caller.get(Credential.ATTRIBUTE).orElse(null);
        boolean nobody = caller.identity().equals(Caller.anonymous().identity());
        if (origin instanceof LocalProcess || (nobody && credential == null)) {
            return admitted;
        }
        if (nobody) {
            // What nobody in particular has open would be theirs.
            return refused(caller, credential, "reserved-subject");
        }
        if (credential != null
                && credential.madeFor().filter(it -> !it.equals(environment)).isPresent()) {
            return refused(caller, credential, "wrong-environment");
        }
        if (!revocations.mayGoOn(caller)) {
            return refused(caller, credential, "revoked");
        }
        if (!users.mayGoOn(caller)) {
            return refused(caller, credential, users.find(caller).isPresent() ? "user-disabled" : "no-user");
        }
        if (roles.isEmpty()) {
            return admitted;
        }
        // Nobody here knows the roles of those whom the directory does not know.
        Set<String> ofRoles =
                users.find(caller).map(User::roles).map(roles::scopesOf).orElse(Set.of());
        return Authenticator.admit(caller.withScopes(hierarchy.common(caller.scopes(), ofRoles)));
    }

    /** One text for all: whoever was put out learns it from people, not from here. */
    private Admission refused(Caller caller, @Nullable Credential credential, String reason) {
        try {
            audit.record(new AuditEvent(
                    clock.instant(),
                    AuditEvent.Kind.AUTHENTICATION,
                    AuditEvent.Outcome.DENIED,
                    caller.subject(),
                    caller.tenant().orElse(null),
                    credential == null ? null : credential.id(),
                    null,
                    null,
                    null,
                    reason,
                    null,
                    null,
                    Map.of()));
        } catch (AuditUnavailable e) {
            LOG.error("A refused authentication could not be taken down", e);
        }
        ProtectedResource endpoint = caller.get(ProtectedResource.ATTRIBUTE).orElse(resource);
        String challenge = "Bearer error=\"invalid_token\", error_description=\"The credential is not good any more\""
                + (endpoint == null ? "" : ", resource_metadata=\"" + endpoint.metadata() + "\"");
        return Authenticator.reject(
                new Refusal.Unauthenticated("The credential is not good any more", List.of(challenge)));
    }
}
