package dev.mortise.billing.payment;

/** What looking at a subscription led to. */
enum Effect {
    CHANGED,
    UNCHANGED,
    /** The event had its effect before. */
    REPEATED,
    /** It belongs to no tenant here. */
    ORPHAN,
    /** The provider knows no such subscription. */
    MISSING,
    /** It differs, and was left so. */
    DIFFERENT
}
