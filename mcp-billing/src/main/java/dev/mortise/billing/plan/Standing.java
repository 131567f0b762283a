package dev.mortise.billing.plan;

/** How a tenant stands with its subscription at some instant. */
public enum Standing {
    /** There is none, or it has ended. */
    NONE,
    /** Everything is open, and nothing is charged yet. */
    TRIAL,
    ACTIVE,
    /** A payment has failed; access goes on until the grace ends. */
    PAST_DUE,
    /** The grace has ended without a payment. */
    SUSPENDED
}
