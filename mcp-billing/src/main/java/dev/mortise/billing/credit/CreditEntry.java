package dev.mortise.billing.credit;

import dev.mortise.billing.money.Money;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that was taken from a credit. Entries are only ever added: what is left of a credit is its amount less these.
 *
 * @param invoice that was paid with it
 */
public record CreditEntry(String credit, Kind kind, Money amount, Optional<String> invoice, Instant at) {
    /** Why it was taken. */
    public enum Kind {
        APPLIED,
        EXPIRED,
        ROLLED_OVER,
        VOIDED
    }
}
