package dev.mortise.rag.search;

import dev.mortise.rag.store.Filter;
import java.util.Objects;

/**
 * What is looked for. Immutable; {@link #of(String)} and the {@code with} methods make one.
 *
 * @param text in the words of the one who asks
 * @param filter which chunks may be found
 * @param limit at most this many hits, 1 to 100
 * @param minimumScore hits below are left out; 0 to 1, as in {@link SearchHit#score}
 * @param perDocument at most this many hits of one document, 1 to 100
 * @param diversity 0 ranks by relevance only; towards 1, a passage that says what a better one said already comes later
 *     (maximal marginal relevance)
 */
public record SearchQuery(
        String text, Filter filter, int limit, double minimumScore, int perDocument, double diversity) {
    private static final int LONGEST = 10_000;

    public SearchQuery {
        Objects.requireNonNull(filter, "filter");
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("A query has at most " + LONGEST + " characters");
        }
        if (limit < 1 || limit > 100 || perDocument < 1 || perDocument > 100) {
            throw new IllegalArgumentException("Limits are 1 to 100");
        }
        if (!(minimumScore >= 0 && minimumScore <= 1) || !(diversity >= 0 && diversity <= 1)) {
            throw new IllegalArgumentException("The minimum of the score and the diversity are 0 to 1");
        }
    }

    /** Ten hits, three of a document at most, from everything. */
    public static SearchQuery of(String text) {
        return new SearchQuery(text, Filter.ALL, 10, 0, 3, 0);
    }

    public SearchQuery withFilter(Filter newFilter) {
        return new SearchQuery(text, newFilter, limit, minimumScore, perDocument, diversity);
    }

    public SearchQuery withLimit(int newLimit) {
        return new SearchQuery(text, filter, newLimit, minimumScore, perDocument, diversity);
    }

    public SearchQuery withMinimumScore(double newMinimum) {
        return new SearchQuery(text, filter, limit, newMinimum, perDocument, diversity);
    }

    public SearchQuery withPerDocument(int newPerDocument) {
        return new SearchQuery(text, filter, limit, minimumScore, newPerDocument, diversity);
    }

    public SearchQuery withDiversity(double newDiversity) {
        return new SearchQuery(text, filter, limit, minimumScore, perDocument, newDiversity);
    }
}
