package dev.mortise.security.user;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * What roles allow: the most that a credential of a user can grant, whatever scopes it names. Immutable.
 *
 * <pre>{@code
 * Roles roles = Roles.none().role("reader", "files:read").role("editor", "files:read", "files:write");
 * }</pre>
 */
public final class Roles {
    private static final Roles NONE = new Roles(Map.of());

    private final Map<String, Set<String>> scopes;

    private Roles(Map<String, Set<String>> scopes) {
        this.scopes = Map.copyOf(scopes);
    }

    /** No roles: credentials alone say what may be done. */
    public static Roles none() {
        return NONE;
    }

    public Roles role(String name, String... itsScopes) {
        Map<String, Set<String>> more = new HashMap<>(scopes);
        more.put(name, Set.of(itsScopes));
        return new Roles(more);
    }

    public boolean isEmpty() {
        return scopes.isEmpty();
    }

    /** All scopes of some roles; a role that nobody has defined has none. */
    public Set<String> scopesOf(Set<String> names) {
        Set<String> all = new HashSet<>();
        names.forEach(name -> all.addAll(scopes.getOrDefault(name, Set.of())));
        return all;
    }
}
