package dev.mortise.rag.store.lucene;

/**
 * How the chunks of a segment that may be found are looked through, by how many they are. A walk of the graph slows down
 * the more, the less a filter lets pass, and most of all when what passes lies together, as a tenant's documents do;
 * going through what passes does not care. The numbers are measured: docs/decisions/0122.
 */
enum Plan {
    NOTHING,

    /** So few that each is compared exactly. */
    EXACT,

    /** Through the codes of all that pass. */
    SCAN,

    /** Along the graph. */
    WALK;

    /** Up to so many numbers of all of them, comparing whole vectors is as fast as comparing codes and then the best exactly. */
    private static final int NUMBERS_COMPARED = 350_000;

    /** Of the best by their codes. */
    private static final int NUMBERS_COMPARED_AFTER = 100_000;

    /** Up to so many, and {@link #SCANNED_SHARE} of the segment, going through them is faster than a walk can be. */
    private static final int SCANNED = 4_000;

    private static final double SCANNED_SHARE = 0.1;

    /** The least that a walk keeps in view where nobody has said how many. */
    private static final int BEAM = 64;

    static Plan of(int passing, int vectors, int dimensions, int limit, boolean graph) {
        if (passing == 0) {
            return NOTHING;
        }
        if (passing <= compared(limit, dimensions) || passing <= NUMBERS_COMPARED / dimensions) {
            return EXACT;
        }
        return graph && passing > scanned(vectors) ? WALK : SCAN;
    }

    /** The most that are gone through in a segment with a graph. */
    static int scanned(int vectors) {
        return SCANNED + (int) (SCANNED_SHARE * vectors);
    }

    /**
     * How many of the best by their codes are compared exactly. Two bits for each number err much where many vectors are nearly
     * equally near, and the more, the fewer numbers there are.
     */
    static int compared(int limit, int dimensions) {
        return Math.max(Math.max(200, 3 * limit), NUMBERS_COMPARED_AFTER / dimensions);
    }

    /**
     * How many a walk keeps in view.
     *
     * @param wanted 0 if nobody has said
     */
    static int beam(int limit, int wanted) {
        return wanted == 0 ? Math.max(BEAM, 2 * limit) : Math.max(wanted, limit);
    }
}
