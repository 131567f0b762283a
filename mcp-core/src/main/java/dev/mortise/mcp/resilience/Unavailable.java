package dev.mortise.mcp.resilience;

import dev.mortise.mcp.call.Refusal;

/**
 * What a {@link Guard} protects was not reached, or not waited for any longer. A handler may catch it and do without;
 * one that lets it pass refuses its call with the reason.
 */
public final class Unavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Refusal refusal;

    public Unavailable(String message, Refusal refusal) {
        super(message);
        this.refusal = refusal;
    }

    /** What the client of a call is told that cannot do without. */
    public Refusal refusal() {
        return refusal;
    }
}
