package dev.mortise.rag.store.lucene;

import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.search.similarities.PerFieldSimilarityWrapper;
import org.apache.lucene.search.similarities.Similarity;

/**
 * BM25 without its rarity of terms, which {@link QueryTerms} counts for the tenant alone, as {@link Snapshot} does the average
 * length.
 */
final class TermSimilarity extends PerFieldSimilarityWrapper {
    private static final Similarity CHUNKS = new Saturation(1.2f, 0.6f);
    private static final Similarity WHOLES = new Saturation(1.4f, 0.65f);

    @Override
    public Similarity get(String field) {
        return field.equals(Fields.WHOLE_TERMS) ? WHOLES : CHUNKS;
    }

    /** How often a term stands in a text, against how long it is. */
    private static final class Saturation extends BM25Similarity {
        Saturation(float k1, float b) {
            super(k1, b);
        }

        @Override
        protected float idf(long documentsWith, long documents) {
            return 1;
        }
    }
}
