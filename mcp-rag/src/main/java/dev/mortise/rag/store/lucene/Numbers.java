package dev.mortise.rag.store.lucene;

import dev.mortise.rag.internal.vectors.ChunkVectors;
import java.io.IOException;
import org.apache.lucene.index.KnnVectorValues.DocIndexIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.jspecify.annotations.Nullable;

/** Numbers of entries of a segment, or of its vectors, in their order. Immutable. */
final class Numbers {
    /** As Lucene's own loops have it: what is fetched together is waited for together. */
    private static final int BATCH = 64;

    private final int[] array;
    private final int size;

    /** @param array the first so many of it, which does not change any more */
    Numbers(int[] array, int size) {
        this.array = array;
        this.size = size;
    }

    int size() {
        return size;
    }

    FixedBitSet set(int all) {
        FixedBitSet set = new FixedBitSet(all);
        for (int i = 0; i < size; i++) {
            set.set(array[i]);
        }
        return set;
    }

    /** Those of the vectors of what passes. */
    static Numbers of(Passing passing, ChunkVectors vectors, int entries, @Nullable Bits live) throws IOException {
        return switch (passing) {
            case Passing.Everything all -> all(vectors, live);
            case Passing.Few few -> few.entries().ofVectors(vectors, entries);
            case Passing.Many many -> of(many.entries(), many.count()).ofVectors(vectors, entries);
        };
    }

    /** A word at a time: an iterator's call for each bit took longer than comparing its code. */
    private static Numbers of(FixedBitSet set, int count) {
        int[] array = new int[count];
        int size = 0;
        long[] words = set.getBits();
        for (int w = 0; size < count; w++) {
            for (long left = words[w]; left != 0; left &= left - 1) {
                array[size++] = w * Long.SIZE + Long.numberOfTrailingZeros(left);
            }
        }
        return new Numbers(array, size);
    }

    private static Numbers all(ChunkVectors vectors, @Nullable Bits live) {
        int[] numbers = new int[vectors.size()];
        int size = 0;
        for (int number = 0; number < numbers.length; number++) {
            if (live == null || live.get(vectors.ordToDoc(number))) {
                numbers[size++] = number;
            }
        }
        return new Numbers(numbers, size);
    }

    private Numbers ofVectors(ChunkVectors vectors, int entries) throws IOException {
        if (vectors.size() == entries) {
            // Each entry has a vector, and its number.
            return this;
        }
        int[] numbers = new int[size];
        int count = 0;
        DocIndexIterator places = vectors.iterator();
        for (int i = 0; i < size; i++) {
            int at = places.docID() < array[i] ? places.advance(array[i]) : places.docID();
            if (at == array[i]) {
                numbers[count++] = places.index();
            }
        }
        return new Numbers(numbers, count);
    }

    /** The best by a scorer that guesses. */
    Numbers best(RandomVectorScorer scorer, int wanted) throws IOException {
        Shortlist best = new Shortlist(wanted);
        int[] batch = new int[BATCH];
        float[] scores = new float[BATCH];
        for (int from = 0; from < size; from += BATCH) {
            int count = batch(from, batch);
            if (scorer.bulkScore(batch, scores, count) >= best.least()) {
                for (int i = 0; i < count; i++) {
                    best.offer(batch[i], scores[i]);
                }
            }
        }
        return best.best();
    }

    /** Scores each, and offers them. */
    void compare(RandomVectorScorer scorer, Nearest best) throws IOException {
        int[] batch = new int[BATCH];
        float[] scores = new float[BATCH];
        for (int from = 0; from < size; from += BATCH) {
            int count = batch(from, batch);
            if (scorer.bulkScore(batch, scores, count) > best.least()) {
                for (int i = 0; i < count; i++) {
                    best.offer(batch[i], scores[i]);
                }
            }
        }
    }

    /** Copies those from there on; returns how many. */
    private int batch(int from, int[] batch) {
        int count = Math.min(BATCH, size - from);
        System.arraycopy(array, from, batch, 0, count);
        return count;
    }
}
