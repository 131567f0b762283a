package dev.mortise.mcp.internal.client.http;

import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One HTTP exchange that can be ended from another thread, wherever it is. */
final class Flight {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable CompletableFuture<HttpResponse<InputStream>> sending;
    private @Nullable HttpAnswer answer;
    private @Nullable Thread thread;
    private boolean ended;

    /** The thread that an end interrupts. */
    void on(Thread runner) {
        lock.lock();
        try {
            thread = runner;
        } finally {
            lock.unlock();
        }
    }

    void sending(CompletableFuture<HttpResponse<InputStream>> future) {
        lock.lock();
        try {
            sending = future;
            if (ended) {
                future.cancel(true);
            }
        } finally {
            lock.unlock();
        }
    }

    /** @throws CancellationException if this was ended meanwhile */
    HttpAnswer answered(HttpAnswer received) {
        lock.lock();
        try {
            if (!ended) {
                answer = received;
                return received;
            }
        } finally {
            lock.unlock();
        }
        received.close();
        throw new CancellationException();
    }

    boolean isEnded() {
        lock.lock();
        try {
            return ended;
        } finally {
            lock.unlock();
        }
    }

    /** Ends it: closes the connection or the stream, and interrupts the thread in whatever it waits for. */
    void end() {
        CompletableFuture<HttpResponse<InputStream>> future;
        HttpAnswer open;
        Thread runner;
        lock.lock();
        try {
            ended = true;
            future = sending;
            open = answer;
            runner = thread;
        } finally {
            lock.unlock();
        }
        if (future != null) {
            future.cancel(true);
        }
        if (open != null) {
            open.close();
        }
        if (runner != null) {
            runner.interrupt();
        }
    }
}
