package dev.mortise.billing.plan;

/** What of a meter counts within a period. */
public enum Measure {
    /** The sum of all quantities: calls, AI operations. */
    SUM,
    /** The highest level: storage by its peak. */
    PEAK,
    /** The level weighted by time: storage by how long it was used. */
    AVERAGE
}
