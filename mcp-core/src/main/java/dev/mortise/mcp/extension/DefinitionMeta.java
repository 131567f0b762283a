package dev.mortise.mcp.extension;

import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.server.Entry;

/** Adds to the {@code _meta} of what lists show of tools and resources: usually from an attribute. Called from many threads. */
@FunctionalInterface
public interface DefinitionMeta {
    /**
     * The {@code _meta} to show.
     *
     * @param meta as it is so far
     */
    Meta of(Entry entry, Meta meta);
}
