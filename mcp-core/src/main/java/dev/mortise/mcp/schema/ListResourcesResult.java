package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the answer to {@code resources/list}.
 *
 * @param nextCursor where the next page begins; {@code null} on the last one
 */
@JsonInclude(NON_NULL)
public record ListResourcesResult(
        List<ResourceDefinition> resources,
        @Nullable String nextCursor,
        @JsonProperty("ttlMs") @Nullable Long statedTtlMs,
        @JsonProperty("cacheScope") @Nullable CacheScope statedCacheScope,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements CacheableResult {
    public ListResourcesResult {
        resources = Fields.requiredList(resources, "ListResourcesResult.resources");
        meta = Meta.orEmpty(meta);
    }

    public static ListResourcesResult of(List<ResourceDefinition> resources) {
        return new ListResourcesResult(resources, null, null, null, Meta.EMPTY);
    }

    public ListResourcesResult withNextCursor(@Nullable String nextCursor) {
        return new ListResourcesResult(resources, nextCursor, statedTtlMs, statedCacheScope, meta);
    }

    @Override
    public ListResourcesResult withCaching(long ttlMs, CacheScope scope) {
        return new ListResourcesResult(resources, nextCursor, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public ListResourcesResult withMeta(Meta meta) {
        return new ListResourcesResult(resources, nextCursor, statedTtlMs, statedCacheScope, meta);
    }
}
