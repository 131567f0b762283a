package dev.mortise.mcp.extension;

import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.server.Entry;
import java.util.List;

/**
 * Pictures for what lists show of tools and resources that have none of their own: so a host gives them to those of its
 * plugins, too. They are in lists alone, which programs read, and not in what models are shown. Called from many threads.
 */
@FunctionalInterface
public interface DefinitionIcons {
    /** The pictures of an entry; empty for none. */
    List<Icon> of(Entry entry);
}
