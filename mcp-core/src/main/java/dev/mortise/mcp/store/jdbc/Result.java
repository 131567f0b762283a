package dev.mortise.mcp.store.jdbc;

import dev.mortise.mcp.resilience.Ticker;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What comes of a piece of work. Thread-safe, but for its being awaited by one thread only. */
final class Result<T extends @Nullable Object> extends FutureTask<T> {
    private volatile @Nullable Thread waiter;

    private Result(Callable<T> work) {
        super(work);
    }

    /** Of work that whoever runs this does. */
    static <T extends @Nullable Object> Result<T> of(Callable<T> work) {
        return new Result<>(work);
    }

    /** Of work that somebody else does, and then tells. */
    static <T extends @Nullable Object> Result<T> told() {
        return new Result<>(() -> {
            throw new IllegalStateException("Somebody else does the work");
        });
    }

    /** It has succeeded, unless it was given up before. */
    void succeeded(T value) {
        set(value);
    }

    /** It has failed, unless it was given up before. */
    void failed(Throwable why) {
        setException(why);
    }

    @Override
    protected void done() {
        LockSupport.unpark(waiter);
    }

    /** As {@link #get(long, java.util.concurrent.TimeUnit)}, without an alarm of its own for nearly every time that nobody needs it. */
    T await(Duration limit) throws InterruptedException, ExecutionException, TimeoutException {
        Ticker ticker = Ticker.system();
        long end = ticker.nanos() + limit.toNanos();
        waiter = Thread.currentThread();
        while (!isDone()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (ticker.nanos() - end >= 0) {
                throw new TimeoutException();
            }
            ticker.parkUntil(end);
        }
        return get();
    }
}
