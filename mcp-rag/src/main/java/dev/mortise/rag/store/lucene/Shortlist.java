package dev.mortise.rag.store.lucene;

/**
 * The best of many by guesses: at least so many as are wanted, and hardly more. For some hundred of some thousand, where a heap
 * would be most of the work: those that may be among them are collected, and thinned out when there are too many.
 */
final class Shortlist {
    private static final int ROOM = 8;
    private static final int STEPS = 512;

    private final int wanted;
    private final int[] numbers;
    private final float[] scores;
    private int size;
    private float least = Float.NEGATIVE_INFINITY;

    Shortlist(int wanted) {
        this.wanted = wanted;
        this.numbers = new int[ROOM * wanted];
        this.scores = new float[ROOM * wanted];
    }

    /** What a score must reach to be among them. */
    float least() {
        return least;
    }

    /** In the order of the numbers. */
    void offer(int number, float score) {
        if (score >= least) {
            if (size == numbers.length) {
                thinOut();
                if (score < least) {
                    return;
                }
            }
            numbers[size] = number;
            scores[size++] = score;
        }
    }

    /** Them, in the order in which they were offered. */
    Numbers best() {
        thinOut();
        return new Numbers(numbers, size);
    }

    /** Counts how many scores lie in which part of their range, and drops the lower parts. */
    private void thinOut() {
        if (size <= wanted) {
            return;
        }
        float lowest = Float.POSITIVE_INFINITY;
        float highest = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < size; i++) {
            lowest = Math.min(lowest, scores[i]);
            highest = Math.max(highest, scores[i]);
        }
        float steps = highest > lowest ? (STEPS - 1) / (highest - lowest) : 0;
        int[] counts = new int[STEPS];
        for (int i = 0; i < size; i++) {
            counts[(int) ((scores[i] - lowest) * steps)]++;
        }
        int from = STEPS - 1;
        for (int kept = counts[from]; kept < wanted; kept += counts[from]) {
            from--;
        }
        int kept = 0;
        float leastKept = highest;
        for (int i = 0; i < size; i++) {
            if ((int) ((scores[i] - lowest) * steps) >= from && kept < (ROOM - 1) * wanted) {
                leastKept = Math.min(leastKept, scores[i]);
                numbers[kept] = numbers[i];
                scores[kept++] = scores[i];
            }
        }
        size = kept;
        least = leastKept;
    }
}
