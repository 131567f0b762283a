package dev.mortise.billing.ledger;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Something that waits to be booked, or was. Thread-safe. */
public final class Posting {
    private final List<Post> posts;
    private final List<Held> held;
    private final CompletableFuture<List<Booking>> bookings = new CompletableFuture<>();

    Posting(List<Post> posts, List<Held> held) {
        this.posts = posts;
        this.held = held;
    }

    List<Post> posts() {
        return posts;
    }

    List<Held> held() {
        return held;
    }

    void booked(List<Booking> results) {
        bookings.complete(results);
    }

    void failed(RuntimeException why) {
        bookings.completeExceptionally(why);
    }

    boolean isDone() {
        return bookings.isDone();
    }

    /**
     * Waits until it is as durable as the store promises.
     *
     * @return one for each post
     * @throws StoreUnavailable if that takes longer; it is booked later, if this process lives
     */
    public List<Booking> await(Duration limit) {
        try {
            return bookings.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new StoreUnavailable("Booking took longer than " + limit.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw new StoreUnavailable("Nothing more is booked", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Interrupted while something was booked", e);
        }
    }
}
