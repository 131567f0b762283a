package dev.mortise.rag.embed;

import dev.mortise.mcp.resilience.Backoff;
import dev.mortise.rag.embed.EmbeddingException.Kind;
import dev.mortise.rag.embed.EmbeddingModel.Use;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Asks a model in batches, a few at once over all callers together, and again where that may help. Who finds all places
 * taken waits, first come first served: that is what slows ingestion down to what the model can take.
 */
final class Batches {
    private final BatchModel model;
    private final Settings settings;
    private final Pause pause;
    private final Semaphore places;

    /**
     * @param texts of a batch, at most
     * @param characters of a batch, at most, unless one text alone has more
     * @param atOnce batches, of all callers
     * @param attempts at a batch
     * @param patience a longer wait than this before a new attempt is not worth it
     */
    record Settings(int texts, int characters, int atOnce, int attempts, Backoff backoff, Duration patience) {}

    /** How time passes between attempts. */
    interface Pause {
        void pause(Duration time) throws InterruptedException;
    }

    Batches(BatchModel model, Settings settings, Pause pause) {
        this.model = model;
        this.settings = settings;
        this.pause = pause;
        this.places = new Semaphore(settings.atOnce(), true);
    }

    List<float[]> embed(List<String> texts, Use use) {
        List<List<String>> batches = cut(texts);
        try {
            return batches.size() == 1 ? ask(batches.getFirst(), use) : askAll(batches, use);
        } catch (InterruptedException e) {
            throw EmbeddingException.interrupted(e);
        }
    }

    private List<List<String>> cut(List<String> texts) {
        List<List<String>> batches = new ArrayList<>();
        int from = 0;
        long characters = 0;
        for (int at = 0; at < texts.size(); at++) {
            int length = texts.get(at).length();
            if (at > from && (at - from == settings.texts() || characters + length > settings.characters())) {
                batches.add(texts.subList(from, at));
                from = at;
                characters = 0;
            }
            characters += length;
        }
        if (from < texts.size()) {
            batches.add(texts.subList(from, texts.size()));
        }
        return batches;
    }

    private List<float[]> askAll(List<List<String>> batches, Use use) throws InterruptedException {
        List<float[]> vectors = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<float[]>>> asked = batches.stream()
                    .map(batch -> executor.submit(() -> ask(batch, use)))
                    .toList();
            try {
                for (Future<List<float[]>> each : asked) {
                    vectors.addAll(each.get());
                }
            } catch (ExecutionException e) {
                // The others would be for nothing; close() waits for them to stop.
                executor.shutdownNow();
                throw failure(Objects.requireNonNullElse(e.getCause(), e));
            } catch (InterruptedException e) {
                executor.shutdownNow();
                throw e;
            }
        }
        return vectors;
    }

    private static EmbeddingException failure(Throwable cause) {
        return cause instanceof EmbeddingException known
                ? known
                : new EmbeddingException(Kind.UNAVAILABLE, "The embedding model failed", cause);
    }

    private List<float[]> ask(List<String> batch, Use use) throws InterruptedException {
        places.acquire();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return model.embed(batch, use);
                } catch (TryLater e) {
                    pauseOrGiveUp(e, attempt);
                }
            }
        } finally {
            places.release();
        }
    }

    /** The place is kept meanwhile: a model that is too busy for this batch is so for the others. */
    private void pauseOrGiveUp(TryLater failure, int attempt) throws InterruptedException {
        Duration after = failure.after();
        Duration wait = after != null ? after : settings.backoff().delay(attempt, ThreadLocalRandom.current());
        if (attempt >= settings.attempts() || wait.compareTo(settings.patience()) > 0) {
            String message = failure.getMessage() + ", after " + attempt + (attempt == 1 ? " attempt" : " attempts");
            throw new EmbeddingException(Kind.UNAVAILABLE, message, failure);
        }
        pause.pause(wait);
    }
}
