package dev.mortise.rag.search;

import dev.mortise.rag.store.Chunk;
import java.util.Set;

/**
 * A passage that was found.
 *
 * @param score how well the passage by itself fits the query, 0 to 1: the larger of the share of its words, weighed by how
 *     rare they are, and the cosine of the vectors; or what the {@link Reranker} said. Hits come in the order of all ways
 *     of looking together, which need not be the order of this
 * @param foundBy which ways of looking found it
 * @param snippet the part of the passage that shows best why it was found
 */
public record SearchHit(Chunk chunk, double score, Set<Way> foundBy, Snippet snippet) {
    public SearchHit {
        foundBy = Set.copyOf(foundBy);
    }

    /** A way of looking. */
    public enum Way {
        WORDS,
        VECTORS
    }
}
