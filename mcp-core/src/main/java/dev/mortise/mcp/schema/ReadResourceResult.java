package dev.mortise.mcp.schema;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_EMPTY;
import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to {@code resources/read}: one or more contents, a resource may have parts. */
@JsonInclude(NON_NULL)
public record ReadResourceResult(
        List<ResourceContents> contents,
        @JsonProperty("ttlMs") @Nullable Long statedTtlMs,
        @JsonProperty("cacheScope") @Nullable CacheScope statedCacheScope,
        @JsonProperty("_meta") @JsonInclude(NON_EMPTY) Meta meta)
        implements CacheableResult {
    public ReadResourceResult {
        contents = Fields.requiredList(contents, "ReadResourceResult.contents");
        meta = Meta.orEmpty(meta);
    }

    public static ReadResourceResult of(List<? extends ResourceContents> contents) {
        return new ReadResourceResult(List.copyOf(contents), null, null, Meta.EMPTY);
    }

    public static ReadResourceResult of(ResourceContents... contents) {
        return of(List.of(contents));
    }

    @Override
    public ReadResourceResult withCaching(long ttlMs, CacheScope scope) {
        return new ReadResourceResult(contents, Fields.notNegative(ttlMs, "ttlMs"), scope, meta);
    }

    @Override
    public ReadResourceResult withMeta(Meta meta) {
        return new ReadResourceResult(contents, statedTtlMs, statedCacheScope, meta);
    }
}
