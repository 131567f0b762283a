package dev.mortise.mcp.resilience;

import dev.mortise.mcp.internal.resilience.Circuit;
import dev.mortise.mcp.internal.resilience.Ended;
import dev.mortise.mcp.internal.resilience.Work;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A callable as something that can be attempted. Nobody cancels it but the interrupt of whoever waits. */
final class GuardedWork<T extends @Nullable Object> implements Work<T> {
    private final Callable<T> callable;

    GuardedWork(Callable<T> callable) {
        this.callable = callable;
    }

    @Override
    public Attempted<T> attempt(boolean mute, boolean alone, long due) {
        return new Try();
    }

    @Override
    public boolean isCancelled() {
        return Thread.currentThread().isInterrupted();
    }

    @Override
    public void onCancel(Runnable action) {}

    private final class Try implements Attempted<T> {
        private final ReentrantLock lock = new ReentrantLock();
        private @Nullable Thread runner;
        private boolean stopped;

        @Override
        public Ended<T> run() {
            if (!enter()) {
                return new Ended.Cancelled<>();
            }
            try {
                return new Ended.Value<>(callable.call(), Circuit.Verdict.SUCCESS);
            } catch (Throwable e) {
                return new Ended.Threw<>(e, verdict(e));
            } finally {
                exit();
            }
        }

        private static Circuit.Verdict verdict(Throwable e) {
            return e instanceof IllegalArgumentException || e instanceof InterruptedException
                    ? Circuit.Verdict.NEITHER
                    : Circuit.Verdict.FAILURE;
        }

        private boolean enter() {
            lock.lock();
            try {
                runner = Thread.currentThread();
                return !stopped;
            } finally {
                lock.unlock();
            }
        }

        /** After this nobody interrupts the thread any more on behalf of this attempt. */
        private void exit() {
            lock.lock();
            try {
                runner = null;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void stop() {
            lock.lock();
            try {
                stopped = true;
                if (runner != null) {
                    runner.interrupt();
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
