package dev.mortise.benchmarks;

/** How much stands between a caller and a tool; each of them has all that is before it, too. */
public enum Guards {
    /** Nothing: whoever comes may. */
    NONE,
    /** The caller is known by a JWT that was verified before. */
    TOKEN,
    /** Whether it was revoked, whether its user is disabled, the level and the scopes of the tool. */
    POLICY,
    /** Four windows of three limits, counted in this process. */
    LIMITS,
    /** Calls that come with a key are answered once; the calls here have none. */
    REPLAY,
    /** Each decision is taken down in a SQLite file, in batches; the call does not wait for it. */
    BUFFERED_AUDIT,
    /** As that, but a call waits until its decision has left this process. Those that wait at once share a batch. */
    WRITTEN_AUDIT;

    boolean has(Guards other) {
        return compareTo(other) >= 0;
    }
}
