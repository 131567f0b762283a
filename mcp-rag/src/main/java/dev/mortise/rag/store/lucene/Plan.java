package dev.mortise.rag.store.lucene;

/**
 * How the chunks of a segment that may be found are looked through: by what each way is expected to cost, for so many that pass.
 * A walk of the graph is longer, the less a filter lets pass, and leads nowhere where what passes lies together, as a tenant's
 * documents do ({@link FilteredWalk}); going through what passes does not care. Costs are in nanoseconds of one processor, of
 * which only the ratios matter: docs/decisions/0136.
 */
enum Plan {
    NOTHING,

    /** So few that each is compared exactly. */
    EXACT,

    /** Through the codes of all that pass. */
    SCAN,

    /** Along the graph; if that leads nowhere, a scan. */
    WALK;

    /** Of the best by their codes. */
    private static final int NUMBERS_COMPARED_AFTER = 100_000;

    /** The least that a walk keeps in view where nobody has said how many. */
    private static final int BEAM = 64;

    /** What a walk compares however few it keeps in view, more or less. */
    private static final int ON_THE_WAY = 300;

    /** A walk that is longer than so many expected ones is given up, if it is longer than a scan, too. */
    private static final int PATIENCE = 2;

    /** How much shorter than a scan a walk has to promise to be where a filter may lead it astray: a scan's length is certain. */
    private static final int CAUTION = 2;

    /** @param beam how many a walk keeps in view */
    static Plan of(int passing, int vectors, int dimensions, int limit, int beam, boolean graph) {
        if (passing == 0) {
            return NOTHING;
        }
        double exact = passing * exact(dimensions);
        double scan = scan(passing, dimensions, limit);
        if (passing <= compared(limit, dimensions) || exact <= scan) {
            return EXACT;
        }
        double walk = visited(passing, vectors, beam) * visit(dimensions);
        double worth = passing < vectors ? CAUTION * walk : walk;
        return graph && worth < scan ? WALK : SCAN;
    }

    /** What a walk compares before it ends, if what passes lies as all do: as if it kept so many more in view. */
    private static double visited(int passing, int vectors, int beam) {
        return Math.max(ON_THE_WAY, Math.log(vectors) * beam * vectors / passing);
    }

    /** When a walk is given up: it is not worth more than the scan that comes instead, or than what was expected of it. */
    static long mostVisited(int passing, int vectors, int dimensions, int limit, int beam) {
        double expected = ON_THE_WAY + PATIENCE * visited(passing, vectors, beam);
        return (long) Math.max(expected, scan(passing, dimensions, limit) / visit(dimensions));
    }

    /** Where fewer of the entries pass than this, a walk is longer than a scan, or than twice what was expected of it. */
    static double leastShare(int passing, int vectors, int dimensions, int limit, int beam) {
        double longAsScan = Math.log(vectors) * beam * visit(dimensions) / scan(passing, dimensions, limit);
        return Math.min(passing / (double) vectors / PATIENCE, longAsScan);
    }

    private static double scan(int passing, int dimensions, int limit) {
        return passing * code(dimensions) + compared(limit, dimensions) * exact(dimensions);
    }

    /** A whole vector of many, each of which is fetched from memory. */
    private static double exact(int dimensions) {
        return 50 + dimensions / 3.0;
    }

    /** One of a batch. */
    private static double code(int dimensions) {
        return 12 + dimensions / 20.0;
    }

    /** A whole vector, with its place in the graph. */
    private static double visit(int dimensions) {
        return 150 + dimensions * 0.3;
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
