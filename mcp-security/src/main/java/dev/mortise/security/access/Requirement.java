package dev.mortise.security.access;

import dev.mortise.mcp.call.Attribute;
import java.util.Set;

/**
 * What a tool, a resource or a prompt asks of a caller beside its {@link dev.mortise.security.SecurityLevel}. Immutable.
 *
 * <pre>{@code
 * Tool.named("delete_table").with(SecurityLevel.ATTRIBUTE, HIGH).with(Requirement.ATTRIBUTE, Requirement.scopes("db:write"))
 * }</pre>
 *
 * @param scopes all of which a caller needs
 * @param tenants the only ones for which it exists; empty for all
 */
public record Requirement(Set<String> scopes, Set<String> tenants) {
    public static final Attribute<Requirement> ATTRIBUTE =
            Attribute.of("dev.mortise.security.access.requirement", Requirement.class);

    static final Requirement NONE = new Requirement(Set.of(), Set.of());

    public Requirement {
        scopes = Set.copyOf(scopes);
        tenants = Set.copyOf(tenants);
    }

    public static Requirement scopes(String... scopes) {
        return new Requirement(Set.of(scopes), Set.of());
    }

    public Requirement onlyFor(String... newTenants) {
        return new Requirement(scopes, Set.of(newTenants));
    }
}
