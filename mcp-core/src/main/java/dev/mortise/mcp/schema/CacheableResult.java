package dev.mortise.mcp.schema;

import org.jspecify.annotations.Nullable;

/**
 * A result that says how long, and for whom, a client may keep it (specification, server: Caching). The hints are
 * required of a server of this revision; they are optional here because older servers do not send them, and because a
 * handler may leave them to the server's configuration.
 */
public interface CacheableResult extends Result {
    /** The time to live as it stands on the wire, in milliseconds; {@code null} where it is not stated. */
    @Nullable
    Long statedTtlMs();

    /** The scope as it stands on the wire; {@code null} where it is not stated. */
    @Nullable
    CacheScope statedCacheScope();

    @Override
    CacheableResult withMeta(Meta meta);

    /**
     * The same result with caching hints.
     *
     * @param ttlMs milliseconds from receipt for which the result is fresh; 0 means it is stale at once
     * @throws IllegalArgumentException if {@code ttlMs} is negative
     */
    CacheableResult withCaching(long ttlMs, CacheScope scope);

    /** Milliseconds from receipt for which the result is fresh; 0 where nothing, or nonsense, is stated. */
    default long ttlMs() {
        Long stated = statedTtlMs();
        return stated == null ? 0 : Math.max(0, stated);
    }

    /** Who may share a kept result; {@link CacheScope#PRIVATE} where nothing is stated, the safe side. */
    default CacheScope cacheScope() {
        CacheScope stated = statedCacheScope();
        return stated == null ? CacheScope.PRIVATE : stated;
    }
}
