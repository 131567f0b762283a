package dev.mortise.billing.ledger;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Something that waits to be booked, or was. Thread-safe. */
public final class Posting {
    private final List<Post> posts;
    private final List<Held> held;
    private final CompletableFuture<List<Booking>> bookings = new CompletableFuture<>();
    private final AtomicBoolean awaited = new AtomicBoolean();
    /** What the first who waits has of it: that they give up is no matter of anybody else's. */
    private volatile @Nullable CompletableFuture<List<Booking>> watched;

    private volatile long deadline;

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

    /** Sends away whoever has waited for as long as they wanted to. It may be booked all the same. */
    void look(long nanos) {
        CompletableFuture<List<Booking>> first = watched;
        if (first != null && nanos - deadline >= 0) {
            first.completeExceptionally(new TimeoutException());
        }
    }

    /**
     * Waits until it is as durable as the store promises.
     *
     * @param limit to a tenth of a second. The journal watches it for all who wait: that each of them set an alarm would be
     *     the most expensive part of waiting
     * @return one for each post
     * @throws StoreUnavailable if that takes longer; it is booked later, if this process lives
     */
    public List<Booking> await(Duration limit) {
        try {
            if (bookings.isDone()) {
                return bookings.get();
            }
            if (limit.isZero() || !awaited.compareAndSet(false, true)) {
                // Only a look, or somebody waits already, perhaps for another time.
                return bookings.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            }
            CompletableFuture<List<Booking>> mine = bookings.copy();
            deadline = System.nanoTime() + limit.toNanos();
            watched = mine;
            return mine.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException) {
                throw late(limit, e);
            }
            throw new StoreUnavailable("Nothing more is booked", e);
        } catch (TimeoutException e) {
            throw late(limit, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Interrupted while something was booked", e);
        }
    }

    private static StoreUnavailable late(Duration limit, Exception cause) {
        return new StoreUnavailable("Booking took longer than " + limit.toMillis() + " ms", cause);
    }
}
