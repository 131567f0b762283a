package dev.mortise.rag.store;

import dev.mortise.rag.embed.EmbeddingModel;

/**
 * Which vectors a store holds. A store is bound to one: vectors of two models cannot be compared.
 *
 * @param model the {@link EmbeddingModel#id()}
 * @param dimensions 1 to 4096
 */
public record VectorSpace(String model, int dimensions) {
    public VectorSpace {
        if (dimensions < 1 || dimensions > 4096) {
            throw new IllegalArgumentException("Vectors have 1 to 4096 dimensions, not " + dimensions);
        }
    }

    public static VectorSpace of(EmbeddingModel model) {
        return new VectorSpace(model.id(), model.dimensions());
    }
}
