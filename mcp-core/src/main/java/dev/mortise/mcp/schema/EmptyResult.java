package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** A result that only says that the request succeeded. */
public record EmptyResult(
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) implements Result {
    public EmptyResult {
        meta = Meta.orEmpty(meta);
    }

    public static EmptyResult of() {
        return new EmptyResult(Meta.EMPTY);
    }

    @Override
    public EmptyResult withMeta(Meta meta) {
        return new EmptyResult(meta);
    }
}
