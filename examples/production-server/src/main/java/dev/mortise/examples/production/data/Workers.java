package dev.mortise.examples.production.data;

import dev.mortise.examples.production.tool.CannotAnswer;
import dev.mortise.examples.production.tool.ToolText;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A few platform threads for native work, which would pin virtual ones, and a short queue before them: whoever finds it
 * full is told to come again.
 */
final class Workers {
    private static final int WAITING = 32;

    private final ThreadPoolExecutor threads;

    Workers() {
        int most = Math.max(2, Runtime.getRuntime().availableProcessors());
        threads = new ThreadPoolExecutor(
                most,
                most,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("data-", 1).factory());
        threads.allowCoreThreadTimeOut(true);
    }

    <T> T run(Callable<T> work) throws CannotAnswer, InterruptedException {
        Future<T> running;
        try {
            running = threads.submit(work);
        } catch (RejectedExecutionException e) {
            throw new CannotAnswer(ToolText.TOO_MANY_QUERIES);
        }
        try {
            return running.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case CannotAnswer told -> throw told;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException("Native work failed", e.getCause());
            }
        } finally {
            // The caller has left, or its time is over: the work is told to end.
            running.cancel(true);
        }
    }
}
