package dev.mortise.rag.store.lucene;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.util.BytesRef;

/** Tells which entries belong to one document: those of a segment whose keys have one ordinal there. */
final class Blocks {
    private final List<LeafReaderContext> leaves;

    Blocks(IndexReader reader) {
        this.leaves = reader.leaves();
    }

    /** A number for the document of each hit, in the order of the hits. */
    long[] of(ScoreDoc[] hits) throws IOException {
        Integer[] byEntry = new Integer[hits.length];
        Arrays.setAll(byEntry, i -> i);
        Arrays.sort(byEntry, Comparator.comparingInt(i -> hits[i].doc));
        long[] documents = new long[hits.length];
        int open = -1;
        SortedDocValues keys = null;
        for (int i : byEntry) {
            int leaf = ReaderUtil.subIndex(hits[i].doc, leaves);
            if (leaf != open) {
                keys = leaves.get(leaf).reader().getSortedDocValues(Fields.KEY);
                open = leaf;
            }
            if (keys == null || !keys.advanceExact(hits[i].doc - leaves.get(leaf).docBase)) {
                throw new IOException("An entry of the index has no key");
            }
            documents[i] = (long) leaf << 32 | keys.ordValue();
        }
        return documents;
    }

    BytesRef key(long document) throws IOException {
        SortedDocValues keys = leaves.get((int) (document >> 32)).reader().getSortedDocValues(Fields.KEY);
        if (keys == null) {
            throw new IOException("A segment of the index has no keys");
        }
        return BytesRef.deepCopyOf(keys.lookupOrd((int) document));
    }

    /** {@link #key}, for comparators. */
    BytesRef knownKey(long document) {
        try {
            return key(document);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
