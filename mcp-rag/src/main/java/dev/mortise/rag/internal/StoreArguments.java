package dev.mortise.rag.internal;

import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.VectorSpace;
import java.util.List;
import java.util.Optional;

/** What every store demands of what it is given. */
public final class StoreArguments {
    private static final int MOST = 1000;
    private static final double ROUNDING = 0.01;

    private StoreArguments() {}

    public static void checkLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("A limit is 1 to " + MOST + ", not " + limit);
        }
    }

    /** That each chunk has a vector of this space, or none if the store has none. */
    public static void check(Optional<VectorSpace> space, List<DocumentChunks> documents) {
        for (DocumentChunks document : documents) {
            for (EmbeddedChunk chunk : document.chunks()) {
                check(space, chunk);
            }
        }
    }

    private static void check(Optional<VectorSpace> space, EmbeddedChunk chunk) {
        float[] vector = chunk.vector();
        if (space.isPresent() ? vector == null : vector != null) {
            throw new IllegalArgumentException(
                    space.isPresent() ? "A chunk has no vector" : "This store was opened without vectors");
        }
        if (vector != null) {
            check(space, vector);
        }
    }

    /** That it is of this space and of length one. */
    public static void check(Optional<VectorSpace> space, float[] vector) {
        int dimensions = space.map(VectorSpace::dimensions).orElse(0);
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(
                    "The vector has " + vector.length + " dimensions; the store, " + dimensions);
        }
        double square = 0;
        for (float component : vector) {
            square += (double) component * component;
        }
        if (!(Math.abs(square - 1) < ROUNDING)) {
            throw new IllegalArgumentException("The vector is not of length one");
        }
    }
}
