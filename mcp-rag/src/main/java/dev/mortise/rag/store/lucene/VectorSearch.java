package dev.mortise.rag.store.lucene;

import dev.mortise.rag.internal.vectors.ChunkVectorsFormat;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocAndFloatFeatureBuffer;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.knn.MultiLeafKnnCollector;
import org.apache.lucene.util.BitSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.hnsw.BlockingFloatHeap;
import org.jspecify.annotations.Nullable;

/**
 * Ranks chunks by the cosine of their vectors. Codes decide which are worth a closer look, and those are compared exactly.
 * How codes are looked at is planned in each segment, by {@link Plan}.
 */
final class VectorSearch {
    private final IndexSearcher searcher;
    private final Tenant tenant;
    private final Filter filter;
    private final int leastBeam;
    private final PlanCounts counts;
    private @Nullable Weight weight;

    VectorSearch(IndexSearcher searcher, Tenant tenant, Filter filter, int leastBeam, PlanCounts counts) {
        this.searcher = searcher;
        this.tenant = tenant;
        this.filter = filter;
        this.leastBeam = leastBeam;
        this.counts = counts;
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
        Nearest nearest = new Nearest(limit);
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        int beam = Plan.beam(limit, leastBeam);
        BlockingFloatHeap best = leaves.size() > 1 ? new BlockingFloatHeap(beam) : null;
        for (LeafReaderContext leaf : largestFirst(leaves)) {
            FloatVectorValues values = leaf.reader().getFloatVectorValues(Fields.VECTOR);
            if (values != null && values.size() > 0) {
                search(leaf, values, vector, limit, collector(beam, best), nearest);
            }
        }
        ScoreDoc[] hits = new ScoreDoc[nearest.size()];
        Arrays.setAll(hits, i -> new ScoreDoc(nearest.entry(i), nearest.score(i)));
        Arrays.sort(
                hits, Comparator.<ScoreDoc>comparingDouble(hit -> -hit.score).thenComparingInt(hit -> hit.doc));
        return hits;
    }

    /** What a large one has makes the walks of the smaller ones short. */
    private static List<LeafReaderContext> largestFirst(List<LeafReaderContext> leaves) {
        if (leaves.size() < 2) {
            return leaves;
        }
        List<LeafReaderContext> sorted = new ArrayList<>(leaves);
        sorted.sort(Comparator.comparingInt(
                (LeafReaderContext leaf) -> -leaf.reader().maxDoc()));
        return sorted;
    }

    /** @param best what the walks of other segments have in view; null if there is but one */
    private static KnnCollector collector(int beam, @Nullable BlockingFloatHeap best) {
        TopKnnCollector own = new TopKnnCollector(beam, Integer.MAX_VALUE);
        return best == null ? own : new MultiLeafKnnCollector(beam, best, own);
    }

    private void search(
            LeafReaderContext leaf,
            FloatVectorValues values,
            float[] vector,
            int limit,
            KnnCollector collector,
            Nearest nearest)
            throws IOException {
        LeafReader reader = leaf.reader();
        FixedBitSet passing = null;
        int count = values.size();
        if (!everythingPasses(reader)) {
            passing = passing(leaf);
            count = passing == null ? 0 : passing.cardinality();
        }
        Plan plan = Plan.of(count, values.size(), limit, ChunkVectorsFormat.hasGraph(values.size()));
        counts.count(plan);
        Candidates candidates = switch (plan) {
            case NOTHING -> Candidates.NONE;
            case EXACT -> Candidates.all(iterator(reader, passing, count));
            case SCAN -> scan(reader, values, passing, count, vector, limit);
            case WALK -> walk(reader, passing, count, vector, limit, collector);
        };
        if (candidates.size() > 0) {
            exactly(leaf, values, candidates, vector, nearest);
        }
    }

    /** Whether the segment has but one tenant, and there is no other filter. */
    private boolean everythingPasses(LeafReader reader) throws IOException {
        return filter instanceof Filter.All
                && reader.docFreq(new Term(Fields.TENANT, Fields.tenant(tenant))) == reader.maxDoc();
    }

    /** Null if nothing does. Also wholes do, which have no vector: that they are told apart later is cheaper. */
    private @Nullable FixedBitSet passing(LeafReaderContext leaf) throws IOException {
        if (weight == null) {
            weight = searcher.createWeight(
                    searcher.rewrite(Filters.of(tenant, filter)), ScoreMode.COMPLETE_NO_SCORES, 1);
        }
        Scorer scorer = weight.scorer(leaf);
        if (scorer == null) {
            return null;
        }
        FixedBitSet passing = new FixedBitSet(leaf.reader().maxDoc());
        passing.or(scorer.iterator());
        Bits live = leaf.reader().getLiveDocs();
        if (live != null) {
            live.applyMask(passing, 0);
        }
        return passing;
    }

    private static DocIdSetIterator iterator(LeafReader reader, @Nullable FixedBitSet passing, int count) {
        return passing == null ? DocIdSetIterator.all(reader.maxDoc()) : new BitSetIterator(passing, count);
    }

    private static Candidates walk(
            LeafReader reader,
            @Nullable FixedBitSet passing,
            int count,
            float[] vector,
            int limit,
            KnnCollector collector)
            throws IOException {
        AcceptDocs accepted = passing == null
                ? AcceptDocs.fromLiveDocs(reader.getLiveDocs(), reader.maxDoc())
                : AcceptDocs.fromIteratorSupplier(() -> new BitSetIterator(passing, count), null, reader.maxDoc());
        reader.searchNearestVectors(Fields.VECTOR, vector, collector, accepted);
        return Candidates.first(collector.topDocs().scoreDocs, Plan.compared(limit));
    }

    private static Candidates scan(
            LeafReader reader,
            FloatVectorValues values,
            @Nullable FixedBitSet passing,
            int count,
            float[] vector,
            int limit)
            throws IOException {
        VectorScorer codes = values.scorer(vector);
        if (codes == null) {
            return Candidates.NONE;
        }
        Nearest best = new Nearest(Plan.compared(limit));
        VectorScorer.Bulk bulk = codes.bulk(iterator(reader, passing, count));
        Bits live = passing == null ? reader.getLiveDocs() : null;
        DocAndFloatFeatureBuffer buffer = new DocAndFloatFeatureBuffer();
        while (true) {
            float most = bulk.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, live, buffer);
            if (buffer.size == 0) {
                return Candidates.of(best);
            }
            if (most > best.least()) {
                for (int i = 0; i < buffer.size; i++) {
                    best.offer(buffer.docs[i], buffer.features[i]);
                }
            }
        }
    }

    private static void exactly(
            LeafReaderContext leaf, FloatVectorValues values, Candidates candidates, float[] vector, Nearest nearest)
            throws IOException {
        VectorScorer exact = values.rescorer(vector);
        if (exact == null) {
            return;
        }
        VectorScorer.Bulk bulk = exact.bulk(candidates);
        Bits live = leaf.reader().getLiveDocs();
        DocAndFloatFeatureBuffer buffer = new DocAndFloatFeatureBuffer();
        while (true) {
            bulk.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, live, buffer);
            if (buffer.size == 0) {
                return;
            }
            for (int i = 0; i < buffer.size; i++) {
                // Lucene scores (1 + cosine) / 2, so that it is never negative.
                nearest.offer(leaf.docBase + buffer.docs[i], 2 * buffer.features[i] - 1);
            }
        }
    }
}
