package dev.mortise.billing.quota;

/** What becomes of a result whose charge cannot be written in time. */
public enum WhenUnavailable {
    /** The client gets 503 instead, and pays nothing. The tool has run. */
    REFUSE,
    /** The client gets it. The charge waits in memory, and is lost if this process dies before it could be written. */
    SERVE
}
