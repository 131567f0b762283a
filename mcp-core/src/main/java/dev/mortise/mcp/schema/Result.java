package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonProperty.Access.READ_ONLY;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;

/**
 * What answers a request. Extensions may add their own kinds: a result names its kind in {@code resultType}
 * (specification, basic: Responses). Results of older servers have no {@code resultType} and are complete.
 */
@JsonPropertyOrder("resultType")
public interface Result {
    /** The request is done, and this is its answer. */
    String COMPLETE = "complete";

    /** The request is not done: the client must answer questions and ask again. */
    String INPUT_REQUIRED = "input_required";

    /** What is attached to the result. */
    Meta meta();

    /** The same result with another {@code _meta}. */
    Result withMeta(Meta meta);

    /** The kind of result; {@link #COMPLETE} unless the type says otherwise. */
    @JsonProperty(value = "resultType", access = READ_ONLY)
    default String resultType() {
        return COMPLETE;
    }
}
