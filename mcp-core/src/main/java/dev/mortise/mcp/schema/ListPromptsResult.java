package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the answer to {@code prompts/list}.
 *
 * @param nextCursor where the next page begins; {@code null} on the last one
 */
@JsonInclude(NON_NULL)
public record ListPromptsResult(
        List<PromptDefinition> prompts,
        @Nullable String nextCursor,
        @JsonProperty("ttlMs") @Nullable Long statedTtlMs,
        @JsonProperty("cacheScope") @Nullable CacheScope statedCacheScope,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements CacheableResult {
    public ListPromptsResult {
        prompts = Fields.requiredList(prompts, "ListPromptsResult.prompts");
        meta = Meta.orEmpty(meta);
    }

    public static ListPromptsResult of(List<PromptDefinition> prompts) {
        return new ListPromptsResult(prompts, null, null, null, Meta.EMPTY);
    }

    public ListPromptsResult withNextCursor(@Nullable String nextCursor) {
        return new ListPromptsResult(prompts, nextCursor, statedTtlMs, statedCacheScope, meta);
    }

    @Override
    public ListPromptsResult withCaching(long ttlMs, CacheScope scope) {
        return new ListPromptsResult(prompts, nextCursor, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public ListPromptsResult withMeta(Meta meta) {
        return new ListPromptsResult(prompts, nextCursor, statedTtlMs, statedCacheScope, meta);
    }
}
