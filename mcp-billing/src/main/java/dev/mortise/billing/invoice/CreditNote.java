package dev.mortise.billing.invoice;

import dev.mortise.billing.money.Money;
import java.time.Instant;

/**
 * Takes back a part of a final invoice, which itself is never changed. Final from the beginning.
 *
 * @param number without gaps among all credit notes
 * @param invoice the id of the invoice
 * @param amount above zero; all notes of an invoice together are no more than its total
 * @param reason for the tenant to read
 */
public record CreditNote(
        String id,
        String number,
        String tenant,
        String invoice,
        Money amount,
        Payout payout,
        String reason,
        Instant issuedAt) {
    /** Where the money goes. */
    public enum Payout {
        /** It is taken off the next invoices. */
        BALANCE,
        /** It is paid back outside of this library. */
        REFUND
    }
}
