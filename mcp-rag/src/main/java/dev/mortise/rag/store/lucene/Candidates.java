package dev.mortise.rag.store.lucene;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.ArrayUtil;

/** Entries that are worth a closer look, in their order in the segment. */
final class Candidates extends DocIdSetIterator {
    static final Candidates NONE = new Candidates(new int[0], 0);

    private final int[] entries;
    private final int size;
    private int at = -1;

    private Candidates(int[] entries, int size) {
        this.entries = entries;
        this.size = size;
    }

    static Candidates of(Nearest nearest) {
        int[] entries = new int[nearest.size()];
        Arrays.setAll(entries, nearest::entry);
        Arrays.sort(entries);
        return new Candidates(entries, entries.length);
    }

    /** The first so many of these, which are sorted. */
    static Candidates inOrder(int[] entries, int size) {
        return new Candidates(entries, size);
    }

    static Candidates all(DocIdSetIterator iterator) throws IOException {
        int[] entries = new int[64];
        int size = 0;
        for (int entry = iterator.nextDoc(); entry != NO_MORE_DOCS; entry = iterator.nextDoc()) {
            entries = ArrayUtil.grow(entries, size + 1);
            entries[size++] = entry;
        }
        return new Candidates(entries, size);
    }

    /** The same, from the first on. */
    Candidates again() {
        return new Candidates(entries, size);
    }

    int size() {
        return size;
    }

    @Override
    public int docID() {
        if (at < 0) {
            return -1;
        }
        return at < size ? entries[at] : NO_MORE_DOCS;
    }

    @Override
    public int nextDoc() {
        at++;
        return docID();
    }

    @Override
    public int advance(int target) throws IOException {
        return slowAdvance(target);
    }

    @Override
    public long cost() {
        return size;
    }
}
