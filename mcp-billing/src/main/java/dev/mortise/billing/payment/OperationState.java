package dev.mortise.billing.payment;

/** How far an operation is. */
enum OperationState {
    /** To be done, or being done. */
    OPEN,
    /** The tenant has to agree on a page. */
    AWAITING,
    DONE,
    REFUSED,
    /** The page was not used in time, or another took its place. */
    EXPIRED,
    /** Nobody knows whether it took place. */
    UNCERTAIN
}
