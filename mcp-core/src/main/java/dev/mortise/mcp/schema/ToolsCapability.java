package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_DEFAULT;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The server has tools.
 *
 * @param listChanged whether it tells listeners when the list changes
 */
public record ToolsCapability(@JsonInclude(NON_DEFAULT) boolean listChanged) {
    public static ToolsCapability of() {
        return new ToolsCapability(false);
    }

    public ToolsCapability withListChanged() {
        return new ToolsCapability(true);
    }
}
