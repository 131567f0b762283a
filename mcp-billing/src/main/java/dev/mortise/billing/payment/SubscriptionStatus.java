package dev.mortise.billing.payment;

/** How a subscription stands with its provider, in the words that all providers share. */
public enum SubscriptionStatus {
    /** Begun, but not yet paid or approved: entitles to nothing. */
    PENDING,
    TRIALING,
    ACTIVE,
    /** A payment is overdue, and the provider still tries: access until the grace ends. */
    PAST_DUE,
    /** Unpaid, paused or suspended: it may come back. */
    SUSPENDED,
    /** It never comes back. */
    ENDED;

    /** Whether the provider will ask for money for it, now or when it is resumed. */
    public boolean isLive() {
        return switch (this) {
            case TRIALING, ACTIVE, PAST_DUE, SUSPENDED -> true;
            case PENDING, ENDED -> false;
        };
    }
}
