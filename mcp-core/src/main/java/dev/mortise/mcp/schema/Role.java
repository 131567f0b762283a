package dev.mortise.mcp.schema;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who speaks in a conversation, or whom content is meant for. */
public enum Role {
    @JsonProperty("user")
    USER,
    @JsonProperty("assistant")
    ASSISTANT
}
