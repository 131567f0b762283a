package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_DEFAULT;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The server has prompts.
 *
 * @param listChanged whether it tells listeners when the list changes
 */
public record PromptsCapability(@JsonInclude(NON_DEFAULT) boolean listChanged) {
    public static PromptsCapability of() {
        return new PromptsCapability(false);
    }

    public PromptsCapability withListChanged() {
        return new PromptsCapability(true);
    }
}
