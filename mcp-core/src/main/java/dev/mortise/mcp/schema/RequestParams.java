package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

/** The parameters of a request that takes none but its {@code _meta}, such as {@code server/discover}. */
public record RequestParams(
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public RequestParams {
        meta = Meta.orEmpty(meta);
    }

    public static RequestParams of(Meta meta) {
        return new RequestParams(meta);
    }
}
