package dev.mortise.rag.store.lucene;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;

/**
 * Counts what tenants have in segments, and remembers it for as long as those are open: a segment is counted once, when it is
 * new, and what is deleted of it when more is. Merged segments are counted where they are merged, and all others by who
 * makes changes visible; searches find everything counted. Thread-safe.
 */
final class SegmentCounts {
    private final ConcurrentHashMap<IndexReader.CacheKey, Map<String, Holdings>> known = new ConcurrentHashMap<>();

    Catalogue of(IndexReader reader) throws IOException {
        List<Catalogue.Segment> segments = new ArrayList<>();
        for (LeafReaderContext leaf : reader.leaves()) {
            segments.add(new Catalogue.Segment(made(leaf.reader()), deleted(leaf.reader())));
        }
        return new Catalogue(List.copyOf(segments));
    }

    /** What came with the segment, deleted or not. */
    Map<String, Holdings> made(LeafReader segment) throws IOException {
        return remembered(segment.getCoreCacheHelper(), () -> DocIdSetIterator.all(segment.maxDoc()), segment);
    }

    private Map<String, Holdings> deleted(LeafReader segment) throws IOException {
        Bits live = segment.getLiveDocs();
        return live == null
                ? Map.of()
                : remembered(segment.getReaderCacheHelper(), () -> deleted(live, segment.numDeletedDocs()), segment);
    }

    private static DocIdSetIterator deleted(Bits live, int count) {
        FixedBitSet set = new FixedBitSet(live.length());
        set.set(0, live.length());
        live.applyMask(set, 0);
        set.flip(0, live.length());
        return new BitSetIterator(set, count);
    }

    /** Entries to count. */
    private interface Selection {
        DocIdSetIterator entries();
    }

    private Map<String, Holdings> remembered(IndexReader.CacheHelper state, Selection selection, LeafReader segment)
            throws IOException {
        Map<String, Holdings> counted = known.get(state.getKey());
        if (counted == null) {
            counted = count(segment, selection.entries());
            if (known.putIfAbsent(state.getKey(), counted) == null) {
                state.addClosedListener(known::remove);
            }
        }
        return counted;
    }

    private static Map<String, Holdings> count(LeafReader segment, DocIdSetIterator entries) throws IOException {
        SortedDocValues keys = segment.getSortedDocValues(Fields.KEY);
        NumericDocValues chunks = segment.getNumericDocValues(Fields.CHUNKS);
        NumericDocValues bytes = segment.getNumericDocValues(Fields.BYTES);
        NumericDocValues chunkTokens = segment.getNumericDocValues(Fields.CHUNK_TOKENS);
        NumericDocValues wholeTokens = segment.getNumericDocValues(Fields.WHOLE_TOKENS);
        if (keys == null || chunks == null || bytes == null || chunkTokens == null || wholeTokens == null) {
            // Of a document that was given up in the middle, which is deleted.
            return Map.of();
        }
        Map<String, Holdings> counted = new HashMap<>();
        for (int entry = entries.nextDoc(); entry != DocIdSetIterator.NO_MORE_DOCS; entry = entries.nextDoc()) {
            // Only wholes have them.
            if (chunks.advanceExact(entry)
                    && keys.advanceExact(entry)
                    && bytes.advanceExact(entry)
                    && chunkTokens.advanceExact(entry)
                    && wholeTokens.advanceExact(entry)) {
                String key = keys.lookupOrd(keys.ordValue()).utf8ToString();
                int tenant = key.indexOf('\0');
                counted.computeIfAbsent(key.substring(0, tenant), name -> new Holdings())
                        .add(
                                key.substring(tenant + 1, key.indexOf('\0', tenant + 1)),
                                chunks.longValue(),
                                bytes.longValue(),
                                chunkTokens.longValue(),
                                wholeTokens.longValue());
            }
        }
        return counted;
    }
}
