package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Says that a request cannot be finished yet: the client answers the questions and sends the request again, with the
 * answers and the state (specification, basic: Multi Round-Trip Requests). It holds questions, or state, or both.
 *
 * @param inputRequests the questions, by a key that is unique within the request
 * @param requestState to be sent back unchanged; opaque to the client
 */
@JsonInclude(NON_NULL)
public record InputRequiredResult(
        @JsonInclude(NON_EMPTY) Map<String, InputRequest> inputRequests,
        @Nullable String requestState,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements Result {
    public InputRequiredResult {
        inputRequests = Fields.map(inputRequests, "InputRequiredResult.inputRequests");
        if (inputRequests.isEmpty() && requestState == null) {
            throw new IllegalArgumentException("InputRequiredResult needs inputRequests or requestState");
        }
        meta = Meta.orEmpty(meta);
    }

    public static InputRequiredResult of(Map<String, ? extends InputRequest> inputRequests) {
        return new InputRequiredResult(new LinkedHashMap<>(inputRequests), null, Meta.EMPTY);
    }

    /** No question, only "ask again later": a way to shed load. */
    public static InputRequiredResult ofState(String requestState) {
        return new InputRequiredResult(Map.of(), requestState, Meta.EMPTY);
    }

    public InputRequiredResult withRequestState(@Nullable String requestState) {
        return new InputRequiredResult(inputRequests, requestState, meta);
    }

    @Override
    public InputRequiredResult withMeta(Meta meta) {
        return new InputRequiredResult(inputRequests, requestState, meta);
    }

    @Override
    public String resultType() {
        return INPUT_REQUIRED;
    }
}
