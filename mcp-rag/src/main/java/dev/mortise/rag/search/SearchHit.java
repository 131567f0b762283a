package dev.mortise.rag.search;

import dev.mortise.rag.store.Chunk;
import java.util.Set;

/**
 * A passage that was found.
 *
 * @param score 0 to 1, comparable within one answer: 1 is first by every way of looking
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
