package dev.mortise.examples.faults;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waiting for what comes about by itself, for a bounded time. */
final class Eventually {
    private Eventually() {}

    /** @return how long it took */
    static Duration holds(String what, int seconds, Callable<Boolean> condition) {
        long began = System.nanoTime();
        while (true) {
            try {
                if (condition.call()) {
                    return Duration.ofNanos(System.nanoTime() - began);
                }
                if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(seconds)) {
                    throw new AssertionError("Not within " + seconds + " s: " + what);
                }
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (Exception e) {
                throw new AssertionError("Waiting for: " + what, e);
            }
        }
    }
}
