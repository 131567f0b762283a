package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of the list requests (specification, server: Pagination).
 *
 * @param cursor where to go on, exactly as the page before gave it; {@code null} for the first page
 */
@JsonInclude(NON_NULL)
public record PaginatedRequestParams(
        @Nullable String cursor,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta) {
    public PaginatedRequestParams {
        meta = Meta.orEmpty(meta);
    }

    public static PaginatedRequestParams firstPage() {
        return new PaginatedRequestParams(null, Meta.EMPTY);
    }

    public static PaginatedRequestParams pageAt(String cursor) {
        return new PaginatedRequestParams(Fields.required(cursor, "cursor"), Meta.EMPTY);
    }

    public PaginatedRequestParams withMeta(Meta meta) {
        return new PaginatedRequestParams(cursor, meta);
    }
}
