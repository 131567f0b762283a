package dev.mortise.rag.store.lucene;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a segment that the tenant and the filter let pass, without those that are deleted. Also those of documents
 * without chunks, which have no vector: that they are told apart later is cheaper.
 */
sealed interface Passing {
    /** All that are not deleted. */
    record Everything() implements Passing {}

    /** So few that a set of bits for the whole segment would take longer to make. */
    record Few(Numbers entries) implements Passing {}

    record Many(FixedBitSet entries, int count) implements Passing {}

    /** One of so many is few: noting one takes as long as some words of a set do. */
    int FEW = 32;

    /** Notes them one by one as long as they are few, and else in a set of bits, which Lucene fills by blocks. */
    static Passing of(DocIdSetIterator iterator, @Nullable Bits live, int entries) throws IOException {
        int most = entries / FEW;
        if (iterator.cost() > most) {
            iterator.nextDoc();
            return many(new FixedBitSet(entries), iterator, live);
        }
        int[] few = new int[Math.min(most, Math.toIntExact(iterator.cost()))];
        int size = 0;
        int entry = iterator.nextDoc();
        for (; entry != DocIdSetIterator.NO_MORE_DOCS; entry = iterator.nextDoc()) {
            if (live == null || live.get(entry)) {
                if (size == most) {
                    break;
                }
                if (size == few.length) {
                    few = Arrays.copyOf(few, Math.min(most, 2 * size + 64));
                }
                few[size++] = entry;
            }
        }
        if (entry == DocIdSetIterator.NO_MORE_DOCS) {
            return new Few(new Numbers(few, size));
        }
        return many(new Numbers(few, size).set(entries), iterator, live);
    }

    /** Adds all from where the iterator is. */
    private static Passing many(FixedBitSet set, DocIdSetIterator iterator, @Nullable Bits live) throws IOException {
        iterator.intoBitSet(DocIdSetIterator.NO_MORE_DOCS, set, 0);
        if (live != null) {
            live.applyMask(set, 0);
        }
        return new Many(set, set.cardinality());
    }
}
