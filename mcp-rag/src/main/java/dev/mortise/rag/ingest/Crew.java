package dev.mortise.rag.ingest;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** A few virtual threads that share the items of a list. None of them outlives the call. */
final class Crew {
    private Crew() {}

    /** What is done to an item. */
    interface Work<T> {
        void on(T item) throws InterruptedException;
    }

    /** @throws InterruptedException once all threads have stopped */
    static <T> void share(List<T> items, int threads, Work<T> work) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> running = IntStream.range(0, Math.min(threads, items.size()))
                    .mapToObj(each -> executor.submit(() -> {
                        for (int at = next.getAndIncrement(); at < items.size(); at = next.getAndIncrement()) {
                            work.on(items.get(at));
                        }
                        return null;
                    }))
                    .toList();
            try {
                for (Future<Object> each : running) {
                    each.get();
                }
            } catch (ExecutionException | InterruptedException e) {
                // close() waits for them.
                executor.shutdownNow();
                throw e;
            }
        } catch (ExecutionException e) {
            throw rethrown(Objects.requireNonNullElse(e.getCause(), e));
        }
    }

    private static RuntimeException rethrown(Throwable cause) throws InterruptedException {
        return switch (cause) {
            case InterruptedException stopped -> throw stopped;
            case RuntimeException failure -> failure;
            case Error error -> throw error;
            default -> new IllegalStateException(cause);
        };
    }
}
