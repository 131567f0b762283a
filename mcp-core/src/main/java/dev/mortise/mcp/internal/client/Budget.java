package dev.mortise.mcp.internal.client;

import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.client.CallTimeoutException;
import java.time.Duration;

/**
 * The time that a server has for one call, over all of its rounds. Time that people take is not spent from it. For one
 * thread.
 */
final class Budget {
    private final Duration silence;
    private final Duration total;
    private Duration spent = Duration.ZERO;

    Budget(Settings settings, CallOptions options) {
        this.silence = options.timeout() != null ? options.timeout() : settings.timeout();
        this.total = options.maxTime() != null ? options.maxTime() : settings.maxTime();
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
     * Waits between two requests.
     *
     * @throws CallTimeoutException if there is no time left for that
     */
    void pause(String method, Duration time) throws InterruptedException {
        if (left().compareTo(time) < 0) {
            throw new CallTimeoutException(method, total);
        }
        Thread.sleep(time);
        spend(time);
    }
}
