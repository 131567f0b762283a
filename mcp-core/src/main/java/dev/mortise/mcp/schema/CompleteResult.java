package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The answer to {@code completion/complete}. */
public record CompleteResult(
        Completion completion,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements Result {
    public CompleteResult {
        Fields.required(completion, "CompleteResult.completion");
        meta = Meta.orEmpty(meta);
    }

    public static CompleteResult of(Completion completion) {
        return new CompleteResult(completion, Meta.EMPTY);
    }

    @Override
    public CompleteResult withMeta(Meta meta) {
        return new CompleteResult(completion, meta);
    }
}
