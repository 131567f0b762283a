package dev.mortise.rag.search;

import java.util.List;

/**
 * Puts hits into a better order than the index could, for example by asking a cross-encoder. Thread-safe; may block.
 */
@FunctionalInterface
public interface Reranker {
    /**
     * @return a score for each of these hits, 0 to 1, in their order. Throwing, or returning another number of scores,
     *     leaves the order as it was
     */
    double[] score(String query, List<SearchHit> hits);
}
