package dev.mortise.rag.store.lucene;

import dev.mortise.rag.internal.vectors.ChunkVectors;
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
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.search.Weight;
import org.apache.lucene.search.knn.MultiLeafKnnCollector;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.FixedBitSet;
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
            if (leaf.reader().getFloatVectorValues(Fields.VECTOR) instanceof ChunkVectors vectors
                    && vectors.size() > 0) {
                search(leaf, vectors, vector, limit, collector(beam, best), nearest);
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
            ChunkVectors vectors,
            float[] vector,
            int limit,
            KnnCollector collector,
            Nearest nearest)
            throws IOException {
        Passing passing = passing(leaf);
        int count = switch (passing) {
            case Passing.Everything all -> vectors.size();
            case Passing.Few few -> few.entries().size();
            case Passing.Many many -> many.count();
        };
        boolean graph = ChunkVectorsFormat.hasGraph(vectors.size());
        Plan plan = Plan.of(count, vectors.size(), vector.length, limit, collector.k(), graph);
        counts.count(plan);
        switch (plan) {
            case NOTHING -> {}
            case EXACT -> exactly(leaf, vectors, numbers(leaf.reader(), vectors, passing), vector, limit, nearest);
            case SCAN -> scan(leaf, vectors, passing, vector, limit, nearest);
            case WALK -> {
                if (!walk(leaf, vectors, passing, vector, limit, collector, nearest)) {
                    counts.count(Plan.SCAN);
                    scan(leaf, vectors, passing, vector, limit, nearest);
                }
            }
        }
    }

    private static void scan(
            LeafReaderContext leaf, ChunkVectors vectors, Passing passing, float[] vector, int limit, Nearest nearest)
            throws IOException {
        Numbers best = numbers(leaf.reader(), vectors, passing)
                .best(vectors.codes(vector), Plan.compared(limit, vector.length));
        exactly(leaf, vectors, best, vector, limit, nearest);
    }

    private static Numbers numbers(LeafReader reader, ChunkVectors vectors, Passing passing) throws IOException {
        return Numbers.of(passing, vectors, reader.maxDoc(), reader.getLiveDocs());
    }

    private Passing passing(LeafReaderContext leaf) throws IOException {
        LeafReader reader = leaf.reader();
        boolean alone = isAlone(reader);
        if (alone && filter instanceof Filter.All) {
            return new Passing.Everything();
        }
        Scorer scorer = (alone ? ofFilter() : ofTenant()).scorer(leaf);
        return scorer == null
                ? new Passing.Few(new Numbers(new int[0], 0))
                : Passing.of(scorer.iterator(), reader.getLiveDocs(), reader.maxDoc());
    }

    /** Whether nothing in the segment is another tenant's: by what Lucene has in memory, without looking for the term. */
    private boolean isAlone(LeafReader reader) throws IOException {
        Terms tenants = reader.terms(Fields.TENANT);
        return tenants != null
                && tenants.size() == 1
                && tenants.getDocCount() == reader.maxDoc()
                && new BytesRef(Fields.tenant(tenant)).equals(tenants.getMin());
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

    /** Returns whether it found them: among what a filter lets pass, a walk may lead nowhere. */
    private static boolean walk(
            LeafReaderContext leaf,
            ChunkVectors vectors,
            Passing passing,
            float[] vector,
            int limit,
            KnnCollector collector,
            Nearest nearest)
            throws IOException {
        LeafReader reader = leaf.reader();
        FilteredWalk filtered = switch (passing) {
            case Passing.Everything all -> null;
            case Passing.Few few ->
                filtered(
                        collector,
                        few.entries().set(reader.maxDoc()),
                        few.entries().size(),
                        vectors,
                        vector.length,
                        limit);
            case Passing.Many many -> filtered(collector, many.entries(), many.count(), vectors, vector.length, limit);
        };
        reader.searchNearestVectors(
                Fields.VECTOR,
                vector,
                filtered == null ? collector : filtered,
                AcceptDocs.fromLiveDocs(filtered == null ? reader.getLiveDocs() : filtered, reader.maxDoc()));
        if (filtered != null && filtered.ledNowhere()) {
            return false;
        }
        for (ScoreDoc hit : collector.topDocs().scoreDocs) {
            nearest.offer(leaf.docBase + hit.doc, cosine(hit.score));
        }
        return true;
    }

    private static FilteredWalk filtered(
            KnnCollector collector, FixedBitSet passing, int count, ChunkVectors vectors, int dimensions, int limit) {
        int size = vectors.size();
        return new FilteredWalk(
                collector,
                passing,
                Plan.leastShare(count, size, dimensions, limit, collector.k()),
                Plan.mostVisited(count, size, dimensions, limit, collector.k()));
    }

    /** Lucene scores (1 + cosine) / 2, so that it is never negative. */
    private static float cosine(float score) {
        return 2 * score - 1;
    }

    private static void exactly(
            LeafReaderContext leaf, ChunkVectors vectors, Numbers numbers, float[] vector, int limit, Nearest nearest)
            throws IOException {
        Nearest best = new Nearest(Math.min(limit, numbers.size()));
        numbers.compare(vectors.exact(vector), best);
        for (int i = 0; i < best.size(); i++) {
            nearest.offer(leaf.docBase + vectors.ordToDoc(best.entry(i)), cosine(best.score(i)));
        }
    }
}
