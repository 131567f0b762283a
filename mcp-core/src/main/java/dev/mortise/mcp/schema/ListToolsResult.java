package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of the answer to {@code tools/list}.
 *
 * @param nextCursor where the next page begins; {@code null} on the last one
 */
@JsonInclude(NON_NULL)
public record ListToolsResult(
        List<ToolDefinition> tools,
        @Nullable String nextCursor,
        @JsonProperty("ttlMs") @Nullable Long statedTtlMs,
        @JsonProperty("cacheScope") @Nullable CacheScope statedCacheScope,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements CacheableResult {
    public ListToolsResult {
        tools = Fields.requiredList(tools, "ListToolsResult.tools");
        meta = Meta.orEmpty(meta);
    }

    public static ListToolsResult of(List<ToolDefinition> tools) {
        return new ListToolsResult(tools, null, null, null, Meta.EMPTY);
    }

    /** The same page with other tools on it. */
    public ListToolsResult withTools(List<ToolDefinition> others) {
        return new ListToolsResult(others, nextCursor, statedTtlMs, statedCacheScope, meta);
    }

    public ListToolsResult withNextCursor(@Nullable String nextCursor) {
        return new ListToolsResult(tools, nextCursor, statedTtlMs, statedCacheScope, meta);
    }

    @Override
    public ListToolsResult withCaching(long ttlMs, CacheScope scope) {
        return new ListToolsResult(tools, nextCursor, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public ListToolsResult withMeta(Meta meta) {
        return new ListToolsResult(tools, nextCursor, statedTtlMs, statedCacheScope, meta);
    }
}
