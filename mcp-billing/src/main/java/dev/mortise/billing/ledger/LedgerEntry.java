package dev.mortise.billing.ledger;

import java.time.Instant;

/**
 * A transaction of the ledger: an amount that moves from one account of a tenant to another, so that all accounts
 * together always hold zero. Never changed.
 *
 * @param position its place among the entries of this tenant and meter, in the order in which they were committed: who
 *     sees a position sees all lower ones, and what comes late has a higher one. Ascending from 1, with gaps
 * @param amount positive
 * @param at when it was used; of a reversal, when what it reverses was used
 * @param recordedAt by the clock of the process that booked it
 * @param reversal whether it takes back the entry with the same source and id, which has at most one such
 */
public record LedgerEntry(
        String tenant,
        String meter,
        long position,
        String source,
        String id,
        Account debit,
        Account credit,
        long amount,
        Instant at,
        Instant recordedAt,
        boolean reversal,
        String item,
        String actor) {

    /** By how much it changes what the tenant has used. */
    public long quantity() {
        return debit == Account.USED ? amount : -amount;
    }
}
