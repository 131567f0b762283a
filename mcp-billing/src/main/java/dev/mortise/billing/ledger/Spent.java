package dev.mortise.billing.ledger;

/**
 * Units that a replica held and holds no more: because they are used, or because it gives them back.
 *
 * @param units at least 1
 */
public record Spent(Window window, long units) {}
