package dev.mortise.mcp.observe;

import java.util.Locale;

/** What happens to money, as far as operators watch it. */
public enum BillingEvent {
    RESERVED,
    COMMITTED,
    RELEASED,
    QUOTA_EXCEEDED,
    INVOICED,
    PAYMENT_SUCCEEDED,
    PAYMENT_FAILED,
    REFUNDED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
