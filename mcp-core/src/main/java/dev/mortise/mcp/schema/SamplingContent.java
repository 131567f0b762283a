package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One piece of a message to or from a model, told apart on the wire by {@code type}; the specification calls it
 * {@code SamplingMessageContentBlock} (client: Sampling). Deprecated with sampling itself.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "type")
@JsonPropertyOrder("type")
public sealed interface SamplingContent
        permits TextContent, ImageContent, AudioContent, ToolUseContent, ToolResultContent {
    /** The kind of block, as it stands on the wire. */
    @JsonProperty(value = "type", access = READ_ONLY)
    String type();

    /** What is attached to this block. */
    Meta meta();
}
