package dev.mortise.billing.meter;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Which calls are not charged, by how they ended. A complete result that is no error always is; what a handler booked
 * itself while it ran stays booked.
 *
 * @param refunded the endings that cost nothing
 */
public record RefundPolicy(Set<Ending> refunded) {
    /** How a call ended that did not end well. */
    public enum Ending {
        /** A result that says {@code isError}; wrong arguments are such a result, too. */
        TOOL_ERROR,
        /** A JSON-RPC error: the call was refused, or something broke. */
        PROTOCOL_ERROR,
        /** It was given up after the time that it may take. */
        TIMED_OUT,
        /** The client cancelled it or went away. */
        DISCONNECTED
    }

    /**
     * What is meant where nothing is said: errors of the protocol and time-outs cost nothing. A client that goes away does
     * not get its call for nothing, because it could always do so just before the end.
     */
    public static final RefundPolicy STANDARD = of(Ending.PROTOCOL_ERROR, Ending.TIMED_OUT);

    public RefundPolicy {
        EnumSet<Ending> copy = EnumSet.noneOf(Ending.class);
        copy.addAll(refunded);
        refunded = Collections.unmodifiableSet(copy);
    }

    public static RefundPolicy of(Ending... refunded) {
        return new RefundPolicy(Set.of(refunded));
    }

    public boolean refunds(Ending ending) {
        return refunded.contains(ending);
    }
}
