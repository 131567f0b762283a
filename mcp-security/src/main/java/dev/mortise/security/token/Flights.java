package dev.mortise.security.token;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an authorization server, of which those about the same thing are one, and only so many are under way at
 * once. Who comes later gets what the first got, its failure included. Thread-safe.
 */
final class Flights<K, V> {
    private final ConcurrentMap<K, CompletableFuture<V>> underWay = new ConcurrentHashMap<>();
    private final Semaphore places;
    private final Duration patience;

    /** @param patience how long to wait for a place, or for the first */
    Flights(int places, Duration patience) {
        this.places = new Semaphore(places);
        this.patience = patience;
    }

    /** What is done. */
    @FunctionalInterface
    interface Work<V> {
        V run() throws IOException;
    }

    /** @throws IOException if it failed, or it took longer than the patience */
    V run(K key, Work<V> work) throws IOException {
        CompletableFuture<V> mine = new CompletableFuture<>();
        CompletableFuture<V> first = underWay.putIfAbsent(key, mine);
        if (first != null) {
            return awaited(first);
        }
        try {
            V value = placed(work);
            mine.complete(value);
            return value;
        } catch (IOException | RuntimeException | Error e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            underWay.remove(key, mine);
        }
    }

    private V placed(Work<V> work) throws IOException {
        try {
            if (!places.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("Too many requests to the authorization server are under way");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        try {
            return work.run();
        } finally {
            places.release();
        }
    }

    private V awaited(CompletableFuture<V> first) throws IOException {
        try {
            return first.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw rethrown(e.getCause());
        } catch (TimeoutException e) {
            throw new IOException("Another request for the same takes too long", e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        return cause instanceof IOException io ? io : new IOException(cause);
    }

    private static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new IOException("Interrupted while waiting for the authorization server", cause);
    }
}
