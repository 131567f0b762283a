package dev.mortise.rag.store.lucene;

import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;

/**
 * Watches a walk of the graph among what a filter lets pass, and ends it when it leads nowhere. What passes by chance is met on
 * the way to the nearest as often as anywhere. What lies together, away from the query, is hardly met, and the walk would go
 * through all that is nearer before it gets there; that shows after a few entries. Not thread-safe.
 */
final class FilteredWalk extends KnnCollector.Decorator implements Bits {
    /** That many fewer than what is wanted of them are bad luck, however few were looked at. */
    private static final int LUCK = 4;

    private final FixedBitSet passing;
    private final double leastShare;
    private final long mostVisited;
    private int asked;
    private int passed;
    private boolean strayed;

    /**
     * @param leastShare if fewer than this pass of those that are looked at, the walk ends
     * @param mostVisited so many entries are compared before the walk ends, whatever it found
     */
    FilteredWalk(KnnCollector collector, FixedBitSet passing, double leastShare, long mostVisited) {
        super(collector);
        this.passing = passing;
        this.leastShare = leastShare;
        this.mostVisited = mostVisited;
    }

    /** Whether an entry passes; asked of those near enough to be among the nearest. */
    @Override
    public boolean get(int entry) {
        asked++;
        if (passing.get(entry)) {
            passed++;
            return true;
        }
        strayed |= passed + LUCK < asked * leastShare;
        return false;
    }

    @Override
    public int length() {
        return passing.length();
    }

    @Override
    public boolean earlyTerminated() {
        strayed |= visitedCount() > mostVisited;
        return strayed || super.earlyTerminated();
    }

    /** Whether the nearest were not found. */
    boolean ledNowhere() {
        return strayed;
    }
}
