package dev.mortise.mcp.call;

/** Where in the chain an {@link Interceptor} stands: the outermost first. Within a stage, the first installed is outermost. */
public enum Stage {
    /** Sees every call and its outcome, refusals included. */
    OBSERVE,
    /** May this caller do this at all? */
    AUTHORIZE,
    /** Has this very call been answered before? */
    REPLAY,
    /** Is it too many requests? */
    LIMIT,
    /** What does it use up? */
    METER,
    /** Does it end otherwise than by a plain result, or go on after its request? For extensions of the protocol. */
    EXTEND,
    /** Time-outs, retries, circuit breakers; the only stage that may proceed more than once. */
    PROTECT
}
