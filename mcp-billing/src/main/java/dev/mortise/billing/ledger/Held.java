package dev.mortise.billing.ledger;

/**
 * Units that this process held, from a lease.
 *
 * @param epoch in which they were leased: when others took them, nothing is left to give up
 * @param units at least 1
 */
public record Held(long epoch, Window window, long units) {}
