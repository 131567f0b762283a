package dev.mortise.security.access;

import dev.mortise.mcp.call.Attributes;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.call.Policy;
import dev.mortise.mcp.call.Refusal;
import dev.mortise.mcp.call.Target;
import dev.mortise.security.Credential;
import dev.mortise.security.SecurityLevel;
import dev.mortise.security.auth.ProtectedResource;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Level, scopes, tenant and the limits of the credential. What another tenant owns, what the credential does not reach and
 * what a key does not name does not exist for the caller; missing scopes are told, all at once. Step-ups and approvals are
 * not its business: what needs one is shown, and asked for when it is used. Immutable.
 */
public final class AccessPolicy implements Policy {
    /** What a caller reaches who came without a credential. */
    private static final SecurityLevel UNPROVEN = SecurityLevel.LOW;

    private final AccessRules rules;

    public AccessPolicy(AccessRules rules) {
        this.rules = rules;
    }

    @Override
    public Decision decide(Caller caller, Target target) {
        if (!target.exists()) {
            return Decision.DENY;
        }
        Requirement requirement = target.attributes().get(Requirement.ATTRIBUTE).orElse(Requirement.NONE);
        if (reason(caller, target, requirement) != null) {
            return Decision.DENY;
        }
        Set<String> needed = requirement.scopes();
        if (rules.hierarchy().grantsAll(caller.scopes(), needed)) {
            return Decision.ALLOW;
        }
        ProtectedResource resource = caller.get(ProtectedResource.ATTRIBUTE).orElse(rules.resource());
        String challenge = resource == null ? null : resource.insufficientScope(needed);
        return new Decision.Challenge(new Refusal.MissingScope(needed, challenge));
    }

    /** Why a target does not exist for a caller, in a short constant for the audit log; {@code null} if it does. */
    static @Nullable String reason(Caller caller, Target target, Requirement requirement) {
        if (!requirement.tenants().isEmpty()
                && caller.tenant().filter(requirement.tenants()::contains).isEmpty()) {
            return "other-tenant";
        }
        Credential credential = caller.get(Credential.ATTRIBUTE).orElse(null);
        if (!(credential == null ? UNPROVEN : credential.reach()).reaches(level(target.attributes()))) {
            return "level";
        }
        if (credential != null && credential.tools() != null) {
            boolean named = target.kind() == Target.Kind.TOOL && credential.allowsTool(target.name());
            return named ? null : "not-in-key";
        }
        return null;
    }

    /** The level that something declares; the highest if it declares none. */
    static SecurityLevel level(Attributes attributes) {
        return attributes.get(SecurityLevel.ATTRIBUTE).orElse(SecurityLevel.CRITICAL);
    }
}
