package dev.mortise.rag.internal;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** How work that nobody waits for any more ends, and how work that others depend on does not. */
public final class Interrupts {
    private Interrupts() {}

    /**
     * For loops that only compute, which no blocking call ends.
     *
     * @throws CancellationException if this thread was interrupted, which it then still is
     */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("Stopped: the thread was interrupted");
        }
    }

    /** Does it as if this thread had not been interrupted so far; then it is again. */
    public static void later(Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Does it on a thread of its own and waits for its end: an interrupt of this thread neither stops it nor gets lost, it is
     * there again afterwards.
     */
    public static <T> T undisturbed(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().name("mortise-undisturbed").start(task);
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                case RuntimeException failure -> failure;
                case Error error -> throw error;
                case null, default -> new IllegalStateException(e);
            };
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
