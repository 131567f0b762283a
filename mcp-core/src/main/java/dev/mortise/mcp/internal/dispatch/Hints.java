package dev.mortise.mcp.internal.dispatch;

import dev.mortise.mcp.schema.CacheScope;
import java.time.Duration;

/**
 * The caching hints of a server (Caching: Cacheable Model). The same on every page of a list.
 *
 * @param lists how long lists may be taken for fresh
 * @param reads how long the content of resources may be taken for fresh
 */
public record Hints(Duration lists, Duration reads, CacheScope listScope, CacheScope readScope) {}
