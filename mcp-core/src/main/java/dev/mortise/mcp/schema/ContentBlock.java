package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * One piece of what a tool returns or a prompt says, told apart on the wire by {@code type} (specification, server:
 * Tools, Tool Result).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "type")
@JsonPropertyOrder("type")
public sealed interface ContentBlock permits TextContent, ImageContent, AudioContent, ResourceLink, EmbeddedResource {
    /** The kind of block, as it stands on the wire. */
    @JsonProperty(value = "type", access = READ_ONLY)
    String type();

    /** What is attached to this block. */
    Meta meta();
}
