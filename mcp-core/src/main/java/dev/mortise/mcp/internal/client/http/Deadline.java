package dev.mortise.mcp.internal.client.http;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ends a flight that takes too long. The time for which a person is busy with signing in does not count: the limit begins
 * anew after it. For one thread.
 */
final class Deadline implements HttpSender.Waiting, AutoCloseable {
    private final Flight flight;
    private final Duration limit;
    private CompletableFuture<Boolean> timer = new CompletableFuture<>();

    Deadline(Flight flight, Duration limit) {
        this.flight = flight;
        this.limit = limit;
        release();
    }

    @Override
    public void hold() {
        timer.cancel(false);
    }

    @Override
    public void release() {
        timer = new CompletableFuture<Boolean>().completeOnTimeout(true, limit.toNanos(), TimeUnit.NANOSECONDS);
        // Not on the thread of the timers: what is closed may block.
        var unused = timer.thenRunAsync(
                flight::end,
                task -> Thread.ofVirtual().name("mortise-client-deadline").start(task));
    }

    @Override
    public void close() {
        timer.cancel(false);
    }
}
