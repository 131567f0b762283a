package dev.mortise.rag.store.lucene;

/** The best few of many, by score. */
final class Nearest {
    private final int[] entries;
    private final float[] scores;
    private int size;

    Nearest(int most) {
        this.entries = new int[most];
        this.scores = new float[most];
    }

    /** What a score must surpass to be among them. */
    float least() {
        return size < scores.length ? Float.NEGATIVE_INFINITY : scores[0];
    }

    void offer(int entry, float score) {
        if (size < scores.length) {
            int at = size++;
            while (at > 0 && scores[(at - 1) / 2] > score) {
                move((at - 1) / 2, at);
                at = (at - 1) / 2;
            }
            put(at, entry, score);
        } else if (score > scores[0]) {
            int at = 0;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && scores[child + 1] < scores[child]) {
                    child++;
                }
                if (scores[child] >= score) {
                    break;
                }
                move(child, at);
                at = child;
            }
            put(at, entry, score);
        }
    }

    private void move(int from, int to) {
        put(to, entries[from], scores[from]);
    }

    private void put(int at, int entry, float score) {
        entries[at] = entry;
        scores[at] = score;
    }

    int size() {
        return size;
    }

    /** In no order. */
    int entry(int i) {
        return entries[i];
    }

    float score(int i) {
        return scores[i];
    }
}
