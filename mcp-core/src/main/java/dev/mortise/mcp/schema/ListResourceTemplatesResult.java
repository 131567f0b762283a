package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the answer to {@code resources/templates/list}.
 *
 * @param nextCursor where the next page begins; {@code null} on the last one
 */
@JsonInclude(NON_NULL)
public record ListResourceTemplatesResult(
        List<ResourceTemplateDefinition> resourceTemplates,
        @Nullable String nextCursor,
        @JsonProperty("ttlMs") @Nullable Long statedTtlMs,
        @JsonProperty("cacheScope") @Nullable CacheScope statedCacheScope,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements CacheableResult {
    public ListResourceTemplatesResult {
        resourceTemplates = Fields.requiredList(resourceTemplates, "ListResourceTemplatesResult.resourceTemplates");
        meta = Meta.orEmpty(meta);
    }

    public static ListResourceTemplatesResult of(List<ResourceTemplateDefinition> resourceTemplates) {
        return new ListResourceTemplatesResult(resourceTemplates, null, null, null, Meta.EMPTY);
    }

    public ListResourceTemplatesResult withNextCursor(@Nullable String nextCursor) {
        return new ListResourceTemplatesResult(resourceTemplates, nextCursor, statedTtlMs, statedCacheScope, meta);
    }

    @Override
    public ListResourceTemplatesResult withCaching(long ttlMs, CacheScope scope) {
        return new ListResourceTemplatesResult(
                resourceTemplates, nextCursor, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public ListResourceTemplatesResult withMeta(Meta meta) {
        return new ListResourceTemplatesResult(resourceTemplates, nextCursor, statedTtlMs, statedCacheScope, meta);
    }
}
