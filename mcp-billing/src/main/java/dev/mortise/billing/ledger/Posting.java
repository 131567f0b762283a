package dev.mortise.billing.ledger;

import dev.mortise.mcp.store.StoreUnavailable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Something that waits to be booked, or was. Thread-safe. */
public final class Posting {
    private final List<Post> posts;
    private final List<Held> held;
    private final AtomicBoolean awaited = new AtomicBoolean();
    /** Opened when it is done, for those who wait beside the first; there are seldom any. */
    private final AtomicReference<@Nullable CountDownLatch> others = new AtomicReference<>();

    private volatile @Nullable List<Booking> bookings;
    private volatile @Nullable RuntimeException failure;
    /** The first who waits, once it is known until when. */
    private volatile @Nullable Thread waiting;

    private long deadline;
    private volatile boolean late;

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
        bookings = results;
        wake();
    }

    void failed(RuntimeException why) {
        failure = why;
        wake();
    }

    /** Whoever begins to wait only now sees what it has come to. */
    private void wake() {
        LockSupport.unpark(waiting);
        CountDownLatch more = others.get();
        if (more != null) {
            more.countDown();
        }
    }

    boolean isDone() {
        return bookings != null || failure != null;
    }

    /** Sends away whoever has waited for as long as they wanted to. It may be booked all the same. */
    void look(long nanos) {
        Thread first = waiting;
        if (first != null && nanos - deadline >= 0) {
            late = true;
            LockSupport.unpark(first);
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
        boolean done;
        try {
            // Only a look, or somebody waits already, perhaps for another time.
            boolean beside = limit.isZero() || !awaited.compareAndSet(false, true);
            done = isDone() || (beside ? awaitBeside(limit) : awaitFirst(limit));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreUnavailable("Interrupted while something was booked", e);
        }
        if (!done) {
            throw new StoreUnavailable("Booking took longer than " + limit.toMillis() + " ms");
        }
        List<Booking> results = bookings;
        if (results != null) {
            return results;
        }
        throw new StoreUnavailable("Nothing more is booked", Objects.requireNonNull(failure));
    }

    /** @return whether it is done, and not given up */
    private boolean awaitFirst(Duration limit) throws InterruptedException {
        deadline = System.nanoTime() + limit.toNanos();
        waiting = Thread.currentThread();
        while (!isDone() && !late) {
            LockSupport.park(this);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        return isDone();
    }

    private boolean awaitBeside(Duration limit) throws InterruptedException {
        others.compareAndSet(null, new CountDownLatch(1));
        CountDownLatch opened = Objects.requireNonNull(others.get());
        // It may have been done before there was anything to open.
        return isDone() || opened.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }
}
