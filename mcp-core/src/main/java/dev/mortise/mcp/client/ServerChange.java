package dev.mortise.mcp.client;

/** Something that changed on the server. What the client had kept of it is forgotten before a listener hears of it. */
public sealed interface ServerChange {
    /** Tools came, went, or changed. */
    record Tools() implements ServerChange {}

    /** Prompts came, went, or changed. */
    record Prompts() implements ServerChange {}

    /** Resources or templates came, went, or changed. */
    record Resources() implements ServerChange {}

    /** The content of a resource changed. */
    record Resource(String uri) implements ServerChange {}
}
