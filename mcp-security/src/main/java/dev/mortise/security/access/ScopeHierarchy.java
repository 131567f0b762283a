package dev.mortise.security.access;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which scopes contain others: who holds {@code files:write} need not hold {@code files:read} too. Immutable.
 *
 * <pre>{@code
 * ScopeHierarchy.none().contains("admin", "files:write").contains("files:write", "files:read")
 * }</pre>
 */
public final class ScopeHierarchy {
    private static final ScopeHierarchy NONE = new ScopeHierarchy(Map.of());

    /** The direct parts. */
    private final Map<String, Set<String>> parts;

    private final Map<String, Set<String>> closure;

    private ScopeHierarchy(Map<String, Set<String>> parts) {
        this.parts = parts;
        Map<String, Set<String>> all = new HashMap<>();
        parts.keySet().forEach(scope -> {
            Set<String> within = new HashSet<>();
            collect(scope, within);
            all.put(scope, Set.copyOf(within));
        });
        this.closure = Map.copyOf(all);
    }

    private void collect(String scope, Set<String> found) {
        for (String part : parts.getOrDefault(scope, Set.of())) {
            if (found.add(part)) {
                collect(part, found);
            }
        }
    }

    public static ScopeHierarchy none() {
        return NONE;
    }

    /** The wider scope contains these, and what they contain. */
    public ScopeHierarchy contains(String wider, String... narrower) {
        Map<String, Set<String>> more = new HashMap<>(parts);
        Set<String> all = new HashSet<>(more.getOrDefault(wider, Set.of()));
        all.addAll(Set.of(narrower));
        more.put(wider, Set.copyOf(all));
        return new ScopeHierarchy(Map.copyOf(more));
    }

    /** Whether somebody who holds some scopes has this one. */
    public boolean grants(Set<String> held, String needed) {
        if (held.contains(needed)) {
            return true;
        }
        for (String scope : held) {
            if (closure.getOrDefault(scope, Set.of()).contains(needed)) {
                return true;
            }
        }
        return false;
    }

    public boolean grantsAll(Set<String> held, Set<String> needed) {
        for (String scope : needed) {
            if (!grants(held, scope)) {
                return false;
            }
        }
        return true;
    }

    /** What two sets of scopes have in common: of each, those that the other grants too. */
    public Set<String> common(Set<String> one, Set<String> other) {
        Set<String> both = new HashSet<>();
        one.stream().filter(scope -> grants(other, scope)).forEach(both::add);
        other.stream().filter(scope -> grants(one, scope)).forEach(both::add);
        return both;
    }

    @Override
    public String toString() {
        return parts.toString();
    }
}
