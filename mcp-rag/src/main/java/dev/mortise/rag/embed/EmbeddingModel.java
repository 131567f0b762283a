package dev.mortise.rag.embed;

import java.util.List;

/**
 * Turns texts into vectors whose closeness is closeness of meaning. Thread-safe. Blocks: a model behind HTTP waits for it.
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
     */
    List<float[]> embed(List<String> texts, Use use);

    /** What the texts are for. */
    enum Use {
        PASSAGE,
        QUERY
    }
}
