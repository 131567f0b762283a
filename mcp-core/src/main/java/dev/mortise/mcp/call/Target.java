package dev.mortise.mcp.call;

/**
 * What a call is about: the tool it calls, the resource it reads. Known before the interceptors run, so that they
 * can decide by its attributes. A target that does not exist has no attributes and {@code exists} is false.
 *
 * @param name the tool's or prompt's name, the resource's URI, the template's URI template; empty for a call that
 *     is about no single one, such as a list
 */
public record Target(Kind kind, String name, Attributes attributes, boolean exists) {
    public enum Kind {
        TOOL,
        RESOURCE,
        RESOURCE_TEMPLATE,
        PROMPT,
        /** The call is about no single thing. */
        NONE
    }

    public static final Target NONE = new Target(Kind.NONE, "", Attributes.NONE, true);

    public static Target of(Kind kind, String name, Attributes attributes) {
        return new Target(kind, name, attributes, true);
    }

    public static Target unknown(Kind kind, String name) {
        return new Target(kind, name, Attributes.NONE, false);
    }
}
