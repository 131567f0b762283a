package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.extension.DefinitionMeta;
import dev.mortise.mcp.schema.Meta;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Entry;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Tool;
import java.util.List;

/** What lists show of tools and resources, with what extensions add to it. */
final class Definitions {
    private final List<DefinitionMeta> additions;

    Definitions(List<DefinitionMeta> additions) {
        this.additions = List.copyOf(additions);
    }

    ToolDefinition of(Tool tool) {
        ToolDefinition definition = tool.definition();
        return additions.isEmpty() ? definition : definition.withMeta(added(tool, definition.meta()));
    }

    ResourceDefinition of(Resource resource) {
        ResourceDefinition definition = resource.definition();
        return additions.isEmpty() ? definition : definition.withMeta(added(resource, definition.meta()));
    }

    private Meta added(Entry entry, Meta meta) {
        Meta result = meta;
        for (DefinitionMeta addition : additions) {
            result = addition.of(entry, result);
        }
        return result;
    }
}
