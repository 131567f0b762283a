package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocAndFloatFeatureBuffer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.VectorUtil;
import org.jspecify.annotations.Nullable;

/**
 * Ranks chunks by the cosine of their vectors. How is decided in each segment by how many chunks the filter lets pass: few
 * are gone through, by codes first and the best of them exactly; many are found by walking the graph. A walk slows down
 * the more, the less the filter lets pass, and most of all when what passes lies together, as a tenant's documents do.
 */
final class VectorSearch {
    /** Up to so many, and {@link #SCAN_SHARE} of the segment, going through them is faster than a walk. */
    private static final int SCAN = 8_000;

    private static final double SCAN_SHARE = 0.05;

    /** Up to so many, codes save nothing. */
    private static final int EXACT = 256;

    /** How many by their codes are compared exactly, for each one that is wanted. */
    private static final int RESCORED = 8;

    private static final int LEAST_RESCORED = 60;

    /** How many a walk keeps in view, for each one that is wanted. */
    private static final double WALK = 3;

    private static final int LEAST_WALK = 48;

    private final IndexSearcher searcher;
    private final Tenant tenant;
    private final Filter filter;

    VectorSearch(IndexSearcher searcher, Tenant tenant, Filter filter) {
        this.searcher = searcher;
        this.tenant = tenant;
        this.filter = filter;
    }

    List<ScoredChunk> search(float[] vector, int limit) throws IOException {
        List<ScoredChunk> hits = new ArrayList<>(limit);
        for (ScoreDoc hit : nearest(vector, limit)) {
            hits.add(new ScoredChunk(Stored.chunk(searcher, hit.doc), hit.score));
        }
        return hits;
    }

    /** The nearest, nearest first, with their cosines. */
    ScoreDoc[] nearest(float[] vector, int limit) throws IOException {
        Query query = searcher.rewrite(Filters.of(tenant, Fields.CHUNK, filter));
        Weight weight = searcher.createWeight(query, ScoreMode.COMPLETE_NO_SCORES, 1);
        Nearest nearest = new Nearest(limit);
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            FloatVectorValues values = leaf.reader().getFloatVectorValues(Fields.VECTOR);
            if (values != null && values.size() > 0) {
                search(leaf, weight, values, vector, limit, nearest);
            }
        }
        ScoreDoc[] hits = new ScoreDoc[nearest.size()];
        Arrays.setAll(hits, i -> new ScoreDoc(nearest.entry(i), nearest.score(i)));
        Arrays.sort(
                hits, Comparator.<ScoreDoc>comparingDouble(hit -> -hit.score).thenComparingInt(hit -> hit.doc));
        return hits;
    }

    private void search(
            LeafReaderContext leaf, Weight weight, FloatVectorValues values, float[] vector, int limit, Nearest nearest)
            throws IOException {
        LeafReader reader = leaf.reader();
        if (everythingPasses(reader)) {
            walk(leaf, null, values.size(), vector, limit, nearest);
            return;
        }
        Scorer scorer = weight.scorer(leaf);
        if (scorer == null) {
            return;
        }
        FixedBitSet passing = new FixedBitSet(reader.maxDoc());
        passing.or(scorer.iterator());
        Bits live = reader.getLiveDocs();
        if (live != null) {
            live.applyMask(passing, 0);
        }
        int count = passing.cardinality();
        if (count == 0) {
            return;
        }
        if (count <= SCAN + SCAN_SHARE * values.size()) {
            scan(leaf, passing, count, values, vector, limit, nearest);
        } else {
            walk(leaf, passing, count, vector, limit, nearest);
        }
    }

    /** Whether the segment has but one tenant, and there is no other filter. */
    private boolean everythingPasses(LeafReader reader) throws IOException {
        return filter instanceof Filter.All
                && reader.docFreq(new Term(Fields.TENANT, Fields.tenant(tenant))) == reader.maxDoc();
    }

    private static void walk(
            LeafReaderContext leaf,
            @Nullable FixedBitSet passing,
            int count,
            float[] vector,
            int limit,
            Nearest nearest)
            throws IOException {
        LeafReader reader = leaf.reader();
        AcceptDocs accepted = passing == null
                ? AcceptDocs.fromLiveDocs(reader.getLiveDocs(), reader.maxDoc())
                : AcceptDocs.fromIteratorSupplier(() -> new BitSetIterator(passing, count), null, reader.maxDoc());
        int inView = Math.min(count, Math.max(LEAST_WALK, (int) (limit * WALK)));
        TopKnnCollector collector = new TopKnnCollector(inView, Integer.MAX_VALUE);
        reader.searchNearestVectors(Fields.VECTOR, vector, collector, accepted);
        TopDocs found = collector.topDocs();
        for (int i = 0; i < Math.min(limit, found.scoreDocs.length); i++) {
            // Lucene scores (1 + cosine) / 2, so that it is never negative.
            nearest.offer(leaf.docBase + found.scoreDocs[i].doc, 2 * found.scoreDocs[i].score - 1);
        }
    }

    private static void scan(
            LeafReaderContext leaf,
            FixedBitSet passing,
            int count,
            FloatVectorValues values,
            float[] vector,
            int limit,
            Nearest nearest)
            throws IOException {
        int rescored = Math.max(LEAST_RESCORED, limit * RESCORED);
        if (count <= Math.max(EXACT, rescored)) {
            exactly(leaf, new BitSetIterator(passing, count), vector, nearest);
            return;
        }
        VectorScorer codes = values.scorer(vector);
        if (codes == null) {
            return;
        }
        Nearest best = new Nearest(rescored);
        VectorScorer.Bulk bulk = codes.bulk(new BitSetIterator(passing, count));
        DocAndFloatFeatureBuffer buffer = new DocAndFloatFeatureBuffer();
        while (true) {
            float most = bulk.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, null, buffer);
            if (buffer.size == 0) {
                break;
            }
            if (most > best.least()) {
                for (int i = 0; i < buffer.size; i++) {
                    best.offer(buffer.docs[i], buffer.features[i]);
                }
            }
        }
        FixedBitSet candidates = new FixedBitSet(leaf.reader().maxDoc());
        for (int i = 0; i < best.size(); i++) {
            candidates.set(best.entry(i));
        }
        exactly(leaf, new BitSetIterator(candidates, best.size()), vector, nearest);
    }

    private static void exactly(LeafReaderContext leaf, DocIdSetIterator entries, float[] vector, Nearest nearest)
            throws IOException {
        FloatVectorValues values = leaf.reader().getFloatVectorValues(Fields.VECTOR);
        if (values == null) {
            return;
        }
        KnnVectorValues.DocIndexIterator places = values.iterator();
        for (int entry = entries.nextDoc(); entry != DocIdSetIterator.NO_MORE_DOCS; entry = entries.nextDoc()) {
            if (places.advance(entry) == entry) {
                nearest.offer(leaf.docBase + entry, VectorUtil.dotProduct(vector, values.vectorValue(places.index())));
            }
        }
    }
}
