package dev.mortise.mcp.store;

import java.time.Instant;

/**
 * Remembers which sealed request states were used up, so that a consent counts once. Replicas that serve the same
 * clients share one. Thread-safe; it may block.
 */
public interface PendingInputStore {
    /**
     * Claims a state.
     *
     * @param id the state's own id
     * @param until when the state expires; the claim may be forgotten after that
     * @return true for the first claim of this id, false for every other, and false if the store is full
     * @throws StoreUnavailable if it cannot be told; the claim may have been made
     */
    boolean claim(String id, Instant until);
}
