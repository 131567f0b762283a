package dev.mortise.benchmarks.vectors;

import java.io.IOException;

/** One of those that are compared. Searched on one thread. */
interface VectorIndex extends AutoCloseable {
    /** The numbers of the ten nearest that it finds. */
    int[] search(float[] query, int beam, Share share) throws IOException;

    /** Whether it compares all, so that there is nothing to choose. */
    default boolean exact() {
        return false;
    }

    /** On disk; 0 if it has nothing there. */
    long bytes() throws IOException;

    @Override
    void close() throws IOException;
}
