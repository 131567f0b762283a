package dev.mortise.rag.embed;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A text on its way through the model, which others may wait for. */
final class Flight {
    private final CompletableFuture<Optional<float[]>> arrival = new CompletableFuture<>();

    void land(float[] vector) {
        arrival.complete(Optional.of(vector));
    }

    void fail(EmbeddingException failure) {
        arrival.completeExceptionally(failure);
    }

    /** Whoever waits has to see to it himself. Without effect once it has landed or failed. */
    void abandon() {
        arrival.complete(Optional.empty());
    }

    /** Empty if it was abandoned. */
    Optional<float[]> await() throws InterruptedException, ExecutionException {
        return arrival.get();
    }
}
