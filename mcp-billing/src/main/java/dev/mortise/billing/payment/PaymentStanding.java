package dev.mortise.billing.payment;

/** What a tenant's subscriptions come to. */
public enum PaymentStanding {
    /** No subscription ever, or none that was paid. */
    NONE,
    /** There was one. */
    ENDED,
    /** Not paid and the grace is over, or paused. */
    SUSPENDED,
    /** Overdue, within the grace. */
    GRACE,
    TRIAL,
    GOOD;

    /** Whether the plan may be used. */
    public boolean entitles() {
        return switch (this) {
            case GRACE, TRIAL, GOOD -> true;
            case NONE, ENDED, SUSPENDED -> false;
        };
    }
}
