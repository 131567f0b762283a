package dev.mortise.security;

import dev.mortise.mcp.call.Caller;
import dev.mortise.security.access.ScopeHierarchy;
import dev.mortise.security.user.Roles;
import dev.mortise.security.user.User;
import dev.mortise.security.user.UserCheck;
import java.util.Set;

/** Takes from callers the scopes that their roles do not give; nothing where there are no roles. Thread-safe. */
record RoleBounds(UserCheck users, Roles roles, ScopeHierarchy hierarchy) {
    Caller around(Caller caller) {
        if (roles.isEmpty()) {
            return caller;
        }
        // Nobody here knows the roles of those whom the directory does not know.
        Set<String> ofRoles =
                users.find(caller).map(User::roles).map(roles::scopesOf).orElse(Set.of());
        return caller.withScopes(hierarchy.common(caller.scopes(), ofRoles));
    }
}
