package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.search.FieldDoc;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.util.BytesRef;
import org.jspecify.annotations.Nullable;

/** Finds entries by their names. */
final class Lookup {
    /** More than a document may have. */
    private static final int MOST_CHUNKS = 1_000_000;

    private Lookup() {}

    /** Negative where there is none. */
    static int whole(IndexSearcher searcher, Tenant tenant, DocumentKey document) throws IOException {
        ScoreDoc[] hits = searcher.search(Filters.of(tenant, Fields.WHOLE, Filter.document(document)), 1).scoreDocs;
        return hits.length == 0 ? -1 : hits[0].doc;
    }

    /** In the order of the block, which is the chunks' own. */
    static List<Integer> chunks(IndexSearcher searcher, Tenant tenant, DocumentKey document) throws IOException {
        Query query = Filters.of(tenant, Fields.CHUNK, Filter.document(document));
        int count = Math.min(searcher.count(query), MOST_CHUNKS);
        if (count == 0) {
            return List.of();
        }
        List<Integer> entries = new ArrayList<>(count);
        for (ScoreDoc hit : searcher.search(query, count, Sort.INDEXORDER).scoreDocs) {
            entries.add(hit.doc);
        }
        return entries;
    }

    static List<DocumentRecord> documents(
            IndexSearcher searcher, Tenant tenant, @Nullable String collection, @Nullable DocumentKey after, int limit)
            throws IOException {
        Filter filter = collection == null ? Filter.ALL : Filter.collection(collection);
        Query query = Filters.of(tenant, Fields.WHOLE, filter);
        Sort sort = new Sort(new SortField(Fields.ORDER, SortField.Type.STRING));
        TopDocs hits;
        if (after == null) {
            hits = searcher.search(query, limit, sort);
        } else {
            // Behind every entry with this very value, whatever its number.
            int behind = Math.max(0, searcher.getIndexReader().maxDoc() - 1);
            FieldDoc last = new FieldDoc(behind, Float.NaN, new Object[] {new BytesRef(Fields.order(after))});
            hits = searcher.searchAfter(last, query, limit, sort);
        }
        List<DocumentRecord> documents = new ArrayList<>();
        for (ScoreDoc hit : hits.scoreDocs) {
            documents.add(Stored.document(searcher, hit.doc));
        }
        return List.copyOf(documents);
    }

    static Map<Chunk.Id, float[]> vectors(IndexSearcher searcher, Tenant tenant, List<Chunk.Id> chunks)
            throws IOException {
        Map<Chunk.Id, float[]> vectors = new HashMap<>();
        Set<Chunk.Id> wanted = new HashSet<>(chunks);
        Set<DocumentKey> documents = new HashSet<>();
        chunks.forEach(chunk -> documents.add(chunk.document()));
        for (DocumentKey document : documents) {
            List<Integer> entries = chunks(searcher, tenant, document);
            for (Chunk.Id id : wanted) {
                if (id.document().equals(document) && id.ordinal() < entries.size()) {
                    int entry = entries.get(id.ordinal());
                    float[] vector = vector(searcher, entry);
                    if (vector != null && Stored.chunk(searcher, entry).id().equals(id)) {
                        vectors.put(id, vector);
                    }
                }
            }
        }
        return vectors;
    }

    private static float @Nullable [] vector(IndexSearcher searcher, int entry) throws IOException {
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(entry, leaves));
        FloatVectorValues values = leaf.reader().getFloatVectorValues(Fields.VECTOR);
        if (values == null) {
            return null;
        }
        KnnVectorValues.DocIndexIterator places = values.iterator();
        return places.advance(entry - leaf.docBase) == entry - leaf.docBase
                ? values.vectorValue(places.index()).clone()
                : null;
    }
}
