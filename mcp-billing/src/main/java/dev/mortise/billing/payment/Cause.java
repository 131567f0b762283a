package dev.mortise.billing.payment;

/** Why a subscription is looked at, and what is written down together with what is seen. */
sealed interface Cause {
    /** A webhook: its id is kept, so that it has no second effect. */
    record Event(String id, String type) implements Cause {}

    /** An operation: it is done. */
    record Done(String operation, boolean endsNow) implements Cause {}

    /** The nightly comparison: a difference is put right only where that is allowed. */
    record Comparison(boolean repair) implements Cause {}
}
