package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What an argument to be completed belongs to. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "type")
@JsonPropertyOrder("type")
public sealed interface CompletionReference permits PromptReference, ResourceTemplateReference {
    /** The kind of reference, as it stands on the wire. */
    @JsonProperty(value = "type", access = READ_ONLY)
    String type();
}
