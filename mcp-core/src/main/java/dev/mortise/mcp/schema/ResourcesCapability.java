package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_DEFAULT;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * The server has resources.
 *
 * @param subscribe whether it tells listeners when a single resource changes
 * @param listChanged whether it tells listeners when the list changes
 */
public record ResourcesCapability(
        @JsonInclude(NON_DEFAULT) boolean subscribe,
        @JsonInclude(NON_DEFAULT) boolean listChanged) {
    public static ResourcesCapability of() {
        return new ResourcesCapability(false, false);
    }

    public ResourcesCapability withSubscribe() {
        return new ResourcesCapability(true, listChanged);
    }

    public ResourcesCapability withListChanged() {
        return new ResourcesCapability(subscribe, true);
    }
}
