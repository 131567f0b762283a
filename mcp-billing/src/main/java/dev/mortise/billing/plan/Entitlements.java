package dev.mortise.billing.plan;

import java.time.Instant;

/**
 * Answers what tenants may do: limits and features at an instant. Meant for the path of every call: implementations
 * answer from memory and never ask a provider of payments. Thread-safe.
 */
@FunctionalInterface
public interface Entitlements {
    /**
     * What a tenant may do at an instant, which may lie in the past or the future as far as is known.
     *
     * @throws dev.mortise.mcp.store.StoreUnavailable if what is known is older than it may be, and the store does not
     *     answer
     */
    Entitlement of(String tenant, Instant at);
}
