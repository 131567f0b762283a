package dev.mortise.rag.search;

import java.util.List;

/**
 * The answer to a query.
 *
 * @param hits best first
 * @param degraded whether words alone had to do because the vectors could not be asked (the model was away, say), or the order is
 *     that of the index because the reranker failed
 * @param cached whether it was remembered from an equal query
 * @param embedded how many texts the model was really asked for: 1, or 0 where the vector of the query was remembered, or
 *     is not needed
 */
public record SearchResult(List<SearchHit> hits, boolean degraded, boolean cached, int embedded) {
    public SearchResult {
        hits = List.copyOf(hits);
    }
}
