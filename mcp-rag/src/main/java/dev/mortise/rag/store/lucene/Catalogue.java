package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.StoreStatistics;
import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.NumericDocValues;
import org.apache.lucene.index.SortedDocValues;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreMode;
import org.apache.lucene.search.Scorer;
import org.apache.lucene.search.Weight;

/** What a tenant has: counted once for each state of the index that is asked about. */
record Catalogue(StoreStatistics statistics, Map<String, Long> collections) {
    static Catalogue of(IndexSearcher searcher, Tenant tenant) throws IOException {
        Weight wholes = searcher.createWeight(
                searcher.rewrite(Filters.of(tenant, Fields.WHOLE, Filter.ALL)), ScoreMode.COMPLETE_NO_SCORES, 1);
        Map<String, Long> collections = new TreeMap<>();
        long documents = 0;
        long chunks = 0;
        long bytes = 0;
        for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
            Scorer scorer = wholes.scorer(leaf);
            NumericDocValues chunkCounts = leaf.reader().getNumericDocValues(Fields.CHUNKS);
            NumericDocValues sizes = leaf.reader().getNumericDocValues(Fields.BYTES);
            SortedDocValues order = leaf.reader().getSortedDocValues(Fields.ORDER);
            if (scorer == null || chunkCounts == null || sizes == null || order == null) {
                continue;
            }
            DocIdSetIterator entries = scorer.iterator();
            for (int entry = entries.nextDoc(); entry != DocIdSetIterator.NO_MORE_DOCS; entry = entries.nextDoc()) {
                boolean alive = leaf.reader().getLiveDocs() == null
                        || leaf.reader().getLiveDocs().get(entry);
                if (alive
                        && chunkCounts.advanceExact(entry)
                        && sizes.advanceExact(entry)
                        && order.advanceExact(entry)) {
                    documents++;
                    chunks += chunkCounts.longValue();
                    bytes += sizes.longValue();
                    String name = order.lookupOrd(order.ordValue()).utf8ToString();
                    collections.merge(name.substring(0, name.indexOf('\0')), 1L, Long::sum);
                }
            }
        }
        return new Catalogue(
                new StoreStatistics(documents, chunks, bytes),
                java.util.Collections.unmodifiableMap(new TreeMap<>(collections)));
    }
}
