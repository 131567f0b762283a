package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Tenant;
import java.io.IOException;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.search.CollectionStatistics;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.similarities.Similarity;

/** One state of the index, and what each tenant has in it. Shares no cache that the tenants would fight for. */
final class Snapshot extends IndexSearcher {
    private static final Similarity SIMILARITY = new TermSimilarity();

    private final Catalogue catalogue;

    Snapshot(IndexReader reader, Catalogue catalogue) {
        super(reader);
        this.catalogue = catalogue;
        setSimilarity(SIMILARITY);
        setQueryCache(null);
    }

    Catalogue catalogue() {
        return catalogue;
    }

    /** To score this tenant's texts: as long as they are against its own, and nobody else's. */
    IndexSearcher scoring(Tenant tenant) {
        return new OfTenant(this, catalogue.of(tenant));
    }

    private static final class OfTenant extends IndexSearcher {
        private final Holdings holdings;

        OfTenant(Snapshot all, Holdings holdings) {
            super(all.getTopReaderContext());
            this.holdings = holdings;
            setSimilarity(SIMILARITY);
            setQueryCache(null);
        }

        /** An average is what scores take from it: {@link TermSimilarity} knows how rare a term is from elsewhere. */
        @Override
        public CollectionStatistics collectionStatistics(String field) throws IOException {
            return switch (field) {
                case Fields.CHUNK_TERMS -> statistics(field, holdings.chunks(), holdings.chunkTokens());
                case Fields.WHOLE_TERMS -> statistics(field, holdings.documents(), holdings.wholeTokens());
                default -> super.collectionStatistics(field);
            };
        }

        /** Of nothing, as of one text of one token: Lucene refuses less. */
        private static CollectionStatistics statistics(String field, long texts, long tokens) {
            long some = Math.max(1, texts);
            return new CollectionStatistics(field, some, some, Math.max(some, tokens), some);
        }
    }
}
