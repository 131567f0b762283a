package dev.mortise.rag.store.lucene;

import java.io.IOException;
import java.util.Arrays;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.ArrayUtil;

/** Entries that are worth a closer look, in their order in the segment. */
final class Candidates extends DocIdSetIterator {
    static final Candidates NONE = new Candidates(new int[0]);

    private final int[] entries;
    private int at = -1;

    private Candidates(int[] entries) {
        Arrays.sort(entries);
        this.entries = entries;
    }

    static Candidates of(Nearest nearest) {
        int[] entries = new int[nearest.size()];
        Arrays.setAll(entries, nearest::entry);
        return new Candidates(entries);
    }

    /** The first of those that are sorted by their scores. */
    static Candidates first(ScoreDoc[] sorted, int most) {
        int[] entries = new int[Math.min(sorted.length, most)];
        Arrays.setAll(entries, i -> sorted[i].doc);
        return new Candidates(entries);
    }

    static Candidates all(DocIdSetIterator iterator) throws IOException {
        int[] entries = new int[64];
        int size = 0;
        for (int entry = iterator.nextDoc(); entry != NO_MORE_DOCS; entry = iterator.nextDoc()) {
            entries = ArrayUtil.grow(entries, size + 1);
            entries[size++] = entry;
        }
        return new Candidates(Arrays.copyOf(entries, size));
    }

    int size() {
        return entries.length;
    }

    @Override
    public int docID() {
        if (at < 0) {
            return -1;
        }
        return at < entries.length ? entries[at] : NO_MORE_DOCS;
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
        return entries.length;
    }
}
