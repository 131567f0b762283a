package dev.mortise.rag.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A chunk and its vector. The array is not copied: do not change it. */
public final class EmbeddedChunk {
    private final Chunk chunk;
    private final float @Nullable [] vector;

    /**
     * @param vector of length one and of the dimensions of the store's {@link VectorSpace}; null in a store without one
     */
    public EmbeddedChunk(Chunk chunk, float @Nullable [] vector) {
        this.chunk = Objects.requireNonNull(chunk, "chunk");
        this.vector = vector;
    }

    public static EmbeddedChunk withoutVector(Chunk chunk) {
        return new EmbeddedChunk(chunk, null);
    }

    public Chunk chunk() {
        return chunk;
    }

    public float @Nullable [] vector() {
        return vector;
    }

    @Override
    public String toString() {
        return chunk.id() + (vector == null ? " without a vector" : " with a vector");
    }
}
