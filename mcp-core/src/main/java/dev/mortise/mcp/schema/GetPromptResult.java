package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to {@code prompts/get}. */
@JsonInclude(NON_NULL)
public record GetPromptResult(
        @Nullable String description,
        List<PromptMessage> messages,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements Result {
    public GetPromptResult {
        messages = Fields.requiredList(messages, "GetPromptResult.messages");
        meta = Meta.orEmpty(meta);
    }

    public static GetPromptResult of(List<PromptMessage> messages) {
        return new GetPromptResult(null, messages, Meta.EMPTY);
    }

    public static GetPromptResult of(PromptMessage... messages) {
        return of(List.of(messages));
    }

    public GetPromptResult withDescription(String description) {
        return new GetPromptResult(description, messages, meta);
    }

    @Override
    public GetPromptResult withMeta(Meta meta) {
        return new GetPromptResult(description, messages, meta);
    }
}
