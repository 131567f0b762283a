package dev.mortise.billing.payment;

import java.time.Instant;

/**
 * Usage for a provider to put on an invoice.
 *
 * @param identifier the same whenever this is reported: at most 100 characters
 * @param meter as this system calls it
 * @param quantity in the meter's unit, positive
 * @param at when it was used
 */
public record UsageReport(String identifier, String tenant, String customer, String meter, long quantity, Instant at) {
    public UsageReport {
        if (identifier.isEmpty() || identifier.length() > 100) {
            throw new IllegalArgumentException("An identifier has 1 to 100 characters");
        }
        if (quantity <= 0) {
            throw new IllegalArgumentException("A quantity is positive, and not " + quantity);
        }
    }
}
