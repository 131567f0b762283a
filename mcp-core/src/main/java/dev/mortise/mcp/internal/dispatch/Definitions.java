package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.extension.DefinitionIcons;
import dev.mortise.mcp.extension.DefinitionMeta;
import dev.mortise.mcp.schema.Icon;
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
    private final List<DefinitionIcons> pictures;

    Definitions(List<DefinitionMeta> additions, List<DefinitionIcons> pictures) {
        this.additions = List.copyOf(additions);
        this.pictures = List.copyOf(pictures);
    }

    ToolDefinition of(Tool tool) {
        ToolDefinition definition = tool.definition();
        List<Icon> icons = icons(tool, definition.icons());
        return additions.isEmpty() && icons.equals(definition.icons())
                ? definition
                : definition.with(icons, added(tool, definition.meta()));
    }

    ResourceDefinition of(Resource resource) {
        ResourceDefinition definition = resource.definition();
        List<Icon> icons = icons(resource, definition.icons());
        return additions.isEmpty() && icons.equals(definition.icons())
                ? definition
                : definition.with(icons, added(resource, definition.meta()));
    }

    private List<Icon> icons(Entry entry, List<Icon> own) {
        List<Icon> icons = own;
        for (int i = 0; icons.isEmpty() && i < pictures.size(); i++) {
            icons = pictures.get(i).of(entry);
        }
        return icons;
    }

    private Meta added(Entry entry, Meta meta) {
        Meta result = meta;
        for (DefinitionMeta addition : additions) {
            result = addition.of(entry, result);
        }
        return result;
    }
}
