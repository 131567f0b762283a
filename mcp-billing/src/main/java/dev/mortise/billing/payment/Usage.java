package dev.mortise.billing.payment;

import java.time.Instant;

/**
 * Usage that a provider is to put on an invoice.
 *
 * @param meter as this system calls it
 * @param quantity in the meter's unit, positive
 * @param at when it was used
 * @param source what makes it this usage and no other, for the tenant and the meter: the id of a ledger event, or of the
 *     hour that was summed up
 */
public record Usage(String tenant, String meter, long quantity, Instant at, String source) {
    public Usage {
        Rows.plain("A tenant", tenant);
        Rows.plain("A meter", meter);
        Rows.plain("A source", source);
        if (quantity <= 0) {
            throw new IllegalArgumentException("A quantity is positive, and not " + quantity);
        }
    }

    /** The same for the same usage, whenever and wherever it is computed; tells nothing about the tenant. */
    public String identifier() {
        String parts = tenant.length() + ":" + tenant + meter.length() + ":" + meter + source;
        return "mortise-" + OperationText.sha256(parts).substring(0, 40);
    }
}
