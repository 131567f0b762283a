package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to {@code server/discover} (specification, server: Discovery).
 *
 * @param supportedVersions the revisions that the client may choose from
 * @param instructions how a model makes good use of the server; it may end up in a system prompt
 */
@JsonInclude(NON_NULL)
public record DiscoverResult(
        List<String> supportedVersions,
        ServerCapabilities capabilities,
        @Nullable String instructions,
        @JsonProperty("ttlMs") @Nullable Long statedTtlMs,
        @JsonProperty("cacheScope") @Nullable CacheScope statedCacheScope,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements CacheableResult {
    public DiscoverResult {
        supportedVersions = Fields.requiredList(supportedVersions, "DiscoverResult.supportedVersions");
        Fields.required(capabilities, "DiscoverResult.capabilities");
        meta = Meta.orEmpty(meta);
    }

    public static DiscoverResult of(List<String> supportedVersions, ServerCapabilities capabilities) {
        return new DiscoverResult(supportedVersions, capabilities, null, null, null, Meta.EMPTY);
    }

    public DiscoverResult withInstructions(@Nullable String instructions) {
        return new DiscoverResult(supportedVersions, capabilities, instructions, statedTtlMs, statedCacheScope, meta);
    }

    @Override
    public DiscoverResult withCaching(long ttlMs, CacheScope scope) {
        return new DiscoverResult(
                supportedVersions, capabilities, instructions, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public DiscoverResult withMeta(Meta meta) {
        return new DiscoverResult(supportedVersions, capabilities, instructions, statedTtlMs, statedCacheScope, meta);
    }
}
