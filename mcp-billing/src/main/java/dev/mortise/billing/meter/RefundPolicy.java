package dev.mortise.billing.meter;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which calls are not charged, by how they ended, and by meter where those differ. A complete result that is no error always
 * is charged; what a handler booked itself while it ran stays booked. Immutable.
 *
 * <pre>{@code
 * // A call that fails costs nothing, but what the model has done for it is paid for.
 * RefundPolicy.of(Ending.TOOL_ERROR, Ending.PROTOCOL_ERROR).with(Meter.AI_OPERATIONS, RefundPolicy.of())
 * }</pre>
 *
 * @param refunded the endings that cost nothing, in meters of which nothing else is said
 * @param byMeter the endings that cost nothing in a meter, by its name
 */
public record RefundPolicy(Set<Ending> refunded, Map<String, Set<Ending>> byMeter) {
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
        refunded = copy(refunded);
        Map<String, Set<Ending>> meters = new TreeMap<>();
        byMeter.forEach((meter, endings) -> meters.put(meter, copy(endings)));
        byMeter = Collections.unmodifiableMap(meters);
    }

    /** The same in all meters. */
    public RefundPolicy(Set<Ending> refunded) {
        this(refunded, Map.of());
    }

    private static Set<Ending> copy(Set<Ending> endings) {
        EnumSet<Ending> copy = EnumSet.noneOf(Ending.class);
        copy.addAll(endings);
        return Collections.unmodifiableSet(copy);
    }

    public static RefundPolicy of(Ending... refunded) {
        return new RefundPolicy(Set.of(refunded));
    }

    /** This, but in one meter another one, in whatever that says of it. */
    public RefundPolicy with(Meter meter, RefundPolicy other) {
        Map<String, Set<Ending>> meters = new TreeMap<>(byMeter);
        meters.put(meter.name(), other.of(meter.name()));
        return new RefundPolicy(refunded, meters);
    }

    private Set<Ending> of(String meter) {
        return byMeter.getOrDefault(meter, refunded);
    }

    /** Whether an ending costs nothing in meters of which nothing else is said. */
    public boolean refunds(Ending ending) {
        return refunded.contains(ending);
    }

    /** Whether an ending costs nothing in this meter. */
    public boolean refunds(Ending ending, String meter) {
        return of(meter).contains(ending);
    }
}
