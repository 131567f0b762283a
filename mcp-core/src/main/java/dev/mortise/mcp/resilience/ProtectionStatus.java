package dev.mortise.mcp.resilience;

import org.jspecify.annotations.Nullable;

/**
 * How things stand behind one set of policies, for metrics and administration.
 *
 * @param name of the tool, or of the guard
 * @param breaker {@code null} without one
 * @param running calls that hold a place in the bulkhead; 0 without one
 * @param queued calls that wait for a place
 * @param abandoned handlers that were given up and still run
 * @param timeouts of attempts so far, also for a deadline of a client
 * @param retries attempts after the first so far
 * @param hedges further attempts beside a slow one so far
 * @param fallbacks so far
 */
public record ProtectionStatus(
        String name,
        Breaker.@Nullable State breaker,
        int running,
        int queued,
        int abandoned,
        long timeouts,
        long retries,
        long hedges,
        long fallbacks) {}
