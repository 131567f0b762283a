package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the model said. Deprecated with sampling itself.
 *
 * @param content one block stands alone on the wire, several stand in an array; both forms are read
 * @param model the name of the model that was sampled
 * @param stopReason {@code endTurn}, {@code stopSequence}, {@code maxTokens}, {@code toolUse}, or a provider's own
 */
@JsonInclude(NON_NULL)
public record CreateMessageResult(
        Role role,

        @JsonFormat(
                with = {
                    JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY,
                    JsonFormat.Feature.WRITE_SINGLE_ELEM_ARRAYS_UNWRAPPED
                })
        List<SamplingContent> content,

        String model,
        @Nullable String stopReason,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements InputResponse {
    public CreateMessageResult {
        Fields.required(role, "CreateMessageResult.role");
        content = Fields.requiredList(content, "CreateMessageResult.content");
        Fields.required(model, "CreateMessageResult.model");
        meta = Meta.orEmpty(meta);
    }

    public static CreateMessageResult of(String model, SamplingContent... content) {
        return new CreateMessageResult(Role.ASSISTANT, List.of(content), model, null, Meta.EMPTY);
    }

    /** The same as a message, to be continued in the next request. */
    public SamplingMessage message() {
        return new SamplingMessage(role, content, meta);
    }

    public CreateMessageResult withStopReason(String stopReason) {
        return new CreateMessageResult(role, content, model, stopReason, meta);
    }

    public CreateMessageResult withMeta(Meta meta) {
        return new CreateMessageResult(role, content, model, stopReason, meta);
    }
}
