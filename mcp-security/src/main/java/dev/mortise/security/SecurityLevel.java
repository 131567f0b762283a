package dev.mortise.security;

import dev.mortise.mcp.call.Attribute;

/**
 * How much harm a tool, a resource or a prompt can do. On a definition it is what a caller needs; on a credential it is
 * the most that the credential reaches. A definition that declares none counts as {@link #CRITICAL}.
 */
public enum SecurityLevel {
    /** Harmless: anybody whom the server admits. */
    LOW,
    /** Reads or writes what belongs to the caller. */
    MEDIUM,
    /** Needs a step-up: a grant that was given for it, and that ends. */
    HIGH,
    /** Needs an approval of the very call, given out of band. */
    CRITICAL;

    /** The level that a definition declares. */
    public static final Attribute<SecurityLevel> ATTRIBUTE =
            Attribute.of("dev.mortise.security.level", SecurityLevel.class);

    public boolean reaches(SecurityLevel needed) {
        return compareTo(needed) >= 0;
    }
}
