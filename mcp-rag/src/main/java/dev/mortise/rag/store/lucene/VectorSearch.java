package dev.mortise.rag.store.lucene;

import dev.mortise.rag.internal.vectors.ChunkVectorsFormat;
import dev.mortise.rag.store.Chunk;
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
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.knn.MultiLeafKnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.BlockingFloatHeap;
import org.jspecify.annotations.Nullable;

/** Ranks chunks by the exact cosine of their vectors. How they are looked for is planned in each segment, by {@link Plan}. */
final class VectorSearch {
    private final IndexSearcher searcher;
    private final Tenant tenant;
    private final Filter filter;
    private final int wantedBeam;
    private final PlanCounts counts;
    private @Nullable Weight ofTenant;
    private @Nullable Weight ofFilter;

    VectorSearch(IndexSearcher searcher, Tenant tenant, Filter filter, int wantedBeam, PlanCounts counts) {
        this.searcher = searcher;
        this.tenant = tenant;
        this.filter = filter;
        this.wantedBeam = wantedBeam;
        this.counts = counts;
    }

    List<ScoredChunk> search(float[] vector, int limit) throws IOException {
        ScoreDoc[] nearest = nearest(vector, limit);
        int[] entries = new int[nearest.length];
        Arrays.setAll(entries, i -> nearest[i].doc);
        List<Chunk> chunks = Stored.chunks(searcher, entries);
        List<ScoredChunk> hits = new ArrayList<>(nearest.length);
        for (int i = 0; i < nearest.length; i++) {
            hits.add(new ScoredChunk(chunks.get(i), nearest[i].score));
        }
        return hits;
    }

    /** The nearest, nearest first, with their cosines. */
    ScoreDoc[] nearest(float[] vector, int limit) throws IOException {
        Nearest nearest = new Nearest(limit);
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        int beam = Plan.beam(limit, wantedBeam);
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
        boolean graph = ChunkVectorsFormat.hasGraph(values.size());
        Passing passing = passing(leaf, graph ? Plan.scanned(values.size()) : reader.maxDoc());
        int count = switch (passing) {
            case Passing.Everything all -> values.size();
            case Passing.Few few -> few.entries().size();
            case Passing.Many many -> many.count();
        };
        Plan plan = Plan.of(count, values.size(), vector.length, limit, graph);
        counts.count(plan);
        switch (plan) {
            case NOTHING -> {}
            case EXACT -> exactly(leaf, values, passing.iterator(reader.maxDoc()), vector, nearest);
            case SCAN ->
                exactly(leaf, values, scan(reader, values, passing, vector, Plan.compared(limit)), vector, nearest);
            case WALK -> walk(leaf, passing, vector, collector, nearest);
        }
    }

    private Passing passing(LeafReaderContext leaf, int few) throws IOException {
        LeafReader reader = leaf.reader();
        boolean alone = reader.docFreq(new Term(Fields.TENANT, Fields.tenant(tenant))) == reader.maxDoc();
        if (alone && filter instanceof Filter.All) {
            return new Passing.Everything();
        }
        Scorer scorer = (alone ? ofFilter() : ofTenant()).scorer(leaf);
        return scorer == null
                ? new Passing.Few(Candidates.NONE)
                : Passing.of(scorer.iterator(), reader.getLiveDocs(), reader.maxDoc(), few);
    }

    /** For segments with other tenants. */
    private Weight ofTenant() throws IOException {
        if (ofTenant == null) {
            ofTenant = weight(Filters.of(tenant, filter));
        }
        return ofTenant;
    }

    /** For segments in which everything is this tenant's: that it is has not to be asked for each entry. */
    private Weight ofFilter() throws IOException {
        if (ofFilter == null) {
            ofFilter = weight(Filters.withinTenant(tenant, filter));
        }
        return ofFilter;
    }

    private Weight weight(Query query) throws IOException {
        return searcher.createWeight(searcher.rewrite(query), ScoreMode.COMPLETE_NO_SCORES, 1);
    }

    private static void walk(
            LeafReaderContext leaf, Passing passing, float[] vector, KnnCollector collector, Nearest nearest)
            throws IOException {
        LeafReader reader = leaf.reader();
        AcceptDocs accepted = passing instanceof Passing.Everything
                ? AcceptDocs.fromLiveDocs(reader.getLiveDocs(), reader.maxDoc())
                : AcceptDocs.fromIteratorSupplier(() -> passing.iterator(reader.maxDoc()), null, reader.maxDoc());
        reader.searchNearestVectors(Fields.VECTOR, vector, collector, accepted);
        for (ScoreDoc hit : collector.topDocs().scoreDocs) {
            nearest.offer(leaf.docBase + hit.doc, cosine(hit.score));
        }
    }

    /** The best by their codes. */
    private static Candidates scan(
            LeafReader reader, FloatVectorValues values, Passing passing, float[] vector, int wanted)
            throws IOException {
        VectorScorer codes = values.scorer(vector);
        if (codes == null) {
            return Candidates.NONE;
        }
        Nearest best = new Nearest(wanted);
        VectorScorer.Bulk bulk = codes.bulk(passing.iterator(reader.maxDoc()));
        Bits live = passing instanceof Passing.Everything ? reader.getLiveDocs() : null;
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

    /** Lucene scores (1 + cosine) / 2, so that it is never negative. */
    private static float cosine(float score) {
        return 2 * score - 1;
    }

    private static void exactly(
            LeafReaderContext leaf, FloatVectorValues values, DocIdSetIterator entries, float[] vector, Nearest nearest)
            throws IOException {
        VectorScorer exact = values.rescorer(vector);
        if (exact == null) {
            return;
        }
        VectorScorer.Bulk bulk = exact.bulk(entries);
        Bits live = leaf.reader().getLiveDocs();
        DocAndFloatFeatureBuffer buffer = new DocAndFloatFeatureBuffer();
        while (true) {
            bulk.nextDocsAndScores(DocIdSetIterator.NO_MORE_DOCS, live, buffer);
            if (buffer.size == 0) {
                return;
            }
            for (int i = 0; i < buffer.size; i++) {
                nearest.offer(leaf.docBase + buffer.docs[i], cosine(buffer.features[i]));
            }
        }
    }
}
