package dev.mortise.security.audit;

import dev.mortise.mcp.call.Attribute;
import java.util.Set;

/**
 * On a tool or a prompt: arguments whose values are neither secret nor personal. A decision about it is taken down with
 * these as they are and the others hidden, instead of with a digest of all of them. Immutable.
 *
 * <pre>{@code
 * Tool.named("drop_table").with(ShownArguments.ATTRIBUTE, ShownArguments.of("table"))
 * }</pre>
 *
 * @param names of members of {@code arguments}
 */
public record ShownArguments(Set<String> names) {
    public static final Attribute<ShownArguments> ATTRIBUTE =
            Attribute.of("dev.mortise.security.audit.shown-arguments", ShownArguments.class);

    public ShownArguments {
        names = Set.copyOf(names);
    }

    public static ShownArguments of(String... names) {
        return new ShownArguments(Set.of(names));
    }
}
