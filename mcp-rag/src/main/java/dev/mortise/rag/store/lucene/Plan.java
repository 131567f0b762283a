package dev.mortise.rag.store.lucene;

/**
 * How the chunks of a segment that may be found are looked through, by how many they are. A walk of the graph slows down
 * the more, the less a filter lets pass, and most of all when what passes lies together, as a tenant's documents do;
 * going through what passes does not care. The numbers are measured: docs/decisions/0083.
 */
enum Plan {
    NOTHING,

    /** So few that each is compared exactly. */
    EXACT,

    /** Through the codes of all that pass. */
    SCAN,

    /** Along the graph. */
    WALK;

    /** Up to so many, and {@link #SCANNED_SHARE} of the segment, going through them is faster than a walk, or as fast. */
    private static final int SCANNED = 4_000;

    private static final double SCANNED_SHARE = 0.1;

    static Plan of(int passing, int vectors, int limit, boolean graph) {
        if (passing == 0) {
            return NOTHING;
        }
        if (passing <= compared(limit)) {
            return EXACT;
        }
        return graph && passing > SCANNED + SCANNED_SHARE * vectors ? WALK : SCAN;
    }

    /** How many of the best by their codes are compared exactly. A byte for each number errs little. */
    static int compared(int limit) {
        return limit + Math.max(10, limit / 2);
    }

    /** How many a walk keeps in view. */
    static int beam(int limit, int least) {
        return Math.max(least, 2 * limit);
    }
}
