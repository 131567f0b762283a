package dev.mortise.rag.embed;

import java.util.List;

/**
 * Turns texts into vectors whose closeness is closeness of meaning. Thread-safe. Blocks: a model behind HTTP waits for it.
 * An interrupted thread gets an {@link EmbeddingException} and stays interrupted.
 */
public interface EmbeddingModel {
    /** Names the model and its version: vectors of another id are never compared with these, nor taken from a cache. */
    String id();

    /** How many numbers a vector has. */
    int dimensions();

    /**
     * The vectors of these texts, in their order, each of length one.
     *
     * @param use whether the texts are passages to be found or questions that look for them; many models tell the two
     *     apart
     * @throws EmbeddingException if there are none to be had
     */
    List<float[]> embed(List<String> texts, Use use);

    /** As {@link #embed}, and says how many of the texts it took work to embed: those that no cache had. */
    default Embedded embedCounting(List<String> texts, Use use) {
        return new Embedded(embed(texts, use), texts.size());
    }

    /** What the texts are for. */
    enum Use {
        PASSAGE,
        QUERY
    }

    /**
     * Vectors, and what they took.
     *
     * @param computed how many of them a model was asked for
     */
    record Embedded(List<float[]> vectors, int computed) {
        public Embedded {
            vectors = List.copyOf(vectors);
        }
    }
}
