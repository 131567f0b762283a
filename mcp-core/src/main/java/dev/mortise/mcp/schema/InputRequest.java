package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * A question that a server puts to the client before it can finish a request, told apart by {@code method}
 * (specification, basic: Multi Round-Trip Requests). A server asks only what the client's capabilities allow.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, include = JsonTypeInfo.As.EXISTING_PROPERTY, property = "method")
@JsonPropertyOrder("method")
public sealed interface InputRequest permits ElicitRequest, CreateMessageRequest, ListRootsRequest {
    /** The method of the request, as it stands on the wire. */
    @JsonProperty(value = "method", access = READ_ONLY)
    String method();
}
