package dev.mortise.billing.ledger;

/**
 * What a query of a counter adds up to.
 *
 * @param quantity with reversals taken off; negative if there are only reversals
 * @param entries how many they are
 * @param position of the tenant and meter when it was read: everything up to there was looked at
 */
public record CounterUsage(long quantity, long entries, long position) {}
