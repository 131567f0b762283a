package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallCancelledException;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CallTimeoutException;
import dev.mortise.mcp.client.CancelSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The time that a server has for one call, over all of its rounds. Time that people take is not spent from it. Knows whether the
 * call was given up. For one
 * thread.
 */
final class Budget {
    private final Duration silence;
    private final Duration total;
    private final @Nullable CancelSignal signal;
    private Duration spent = Duration.ZERO;

    Budget(Settings settings, CallOptions options) {
        this.silence = options.timeout() != null ? options.timeout() : settings.timeout();
        this.total = options.maxTime() != null ? options.maxTime() : settings.maxTime();
        this.signal = options.cancelSignal();
    }

    @Nullable
    CancelSignal signal() {
        return signal;
    }

    Duration silence() {
        return silence;
    }

    Duration total() {
        return total;
    }

    Duration left() {
        return total.minus(spent);
    }

    void spend(Duration time) {
        spent = spent.plus(time);
    }

    /**
     * Waits between two requests; a cancellation ends that.
     *
     * @throws CallTimeoutException if there is no time left for that
     * @throws CallCancelledException if the call is given up
     */
    void pause(String method, Duration time) throws InterruptedException {
        if (left().compareTo(time) < 0) {
            throw new CallTimeoutException(method, total);
        }
        CountDownLatch cancelled = new CountDownLatch(1);
        Runnable forget = signal == null ? () -> {} : signal.onCancel(cancelled::countDown);
        try {
            if (cancelled.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
                throw cancelled(method);
            }
        } finally {
            forget.run();
        }
        spend(time);
    }

    /** @throws CallCancelledException if the call was given up, so that nothing is sent for it any more */
    void checkCancelled(String method) {
        if (signal != null && signal.isCancelled()) {
            throw cancelled(method);
        }
    }

    private static CallCancelledException cancelled(String method) {
        return new CallCancelledException(method + " was cancelled");
    }
}
