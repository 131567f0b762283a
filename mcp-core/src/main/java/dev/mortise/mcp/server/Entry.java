package dev.mortise.mcp.server;

import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Attributes;
import java.util.Optional;

/** Something a server offers: a tool, a resource, a resource template or a prompt. Immutable. */
public sealed interface Entry permits Tool, Resource, ResourceTemplate, Prompt {
    /** What tells it from its like, and what lists are ordered by: its name, its URI, its URI template. */
    String key();

    Attributes attributes();

    default <T> Optional<T> get(Attribute<T> attribute) {
        return attributes().get(attribute);
    }
}
