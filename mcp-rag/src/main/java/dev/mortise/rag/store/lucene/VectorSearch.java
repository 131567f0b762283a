package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;

/** Ranks chunks by the cosine of their vectors. */
final class VectorSearch {
    private final IndexSearcher searcher;
    private final Tenant tenant;
    private final Filter filter;

    VectorSearch(IndexSearcher searcher, Tenant tenant, Filter filter) {
        this.searcher = searcher;
        this.tenant = tenant;
        this.filter = filter;
    }

    List<ScoredChunk> search(float[] vector, int limit) throws IOException {
        Query query = new KnnFloatVectorQuery(Fields.VECTOR, vector, limit, Filters.of(tenant, Fields.CHUNK, filter));
        List<ScoredChunk> hits = new ArrayList<>();
        for (ScoreDoc hit : searcher.search(query, limit).scoreDocs) {
            hits.add(new ScoredChunk(Stored.chunk(searcher, hit.doc), 2 * hit.score - 1));
        }
        return hits;
    }
}
