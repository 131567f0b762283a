package dev.mortise.security.access;

import dev.mortise.mcp.call.Attribute;
import java.util.Set;
import java.util.regex.Pattern;

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

    private static final Pattern SCOPE = Pattern.compile("[\\x21\\x23-\\x5B\\x5D-\\x7E]+");

    static final Requirement NONE = new Requirement(Set.of(), Set.of());

    /** @throws IllegalArgumentException if a scope is none (RFC 6749 section 3.3): challenges name them, in a header field */
    public Requirement {
        scopes = Set.copyOf(scopes);
        tenants = Set.copyOf(tenants);
        for (String scope : scopes) {
            if (!SCOPE.matcher(scope).matches()) {
                throw new IllegalArgumentException(
                        "A scope has printable characters without spaces and quotes, but this one is \"" + scope
                                + "\"");
            }
        }
    }

    public static Requirement scopes(String... scopes) {
        return new Requirement(Set.of(scopes), Set.of());
    }

    public Requirement onlyFor(String... newTenants) {
        return new Requirement(scopes, Set.of(newTenants));
    }
}
