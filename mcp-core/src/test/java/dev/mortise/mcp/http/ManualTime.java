package dev.mortise.mcp.http;

import org.jspecify.annotations.Nullable;

/** Time that passes when a test says so. */
final class ManualTime {
    volatile long nanos = 42;
    volatile @Nullable Pulse pulse;

    void pass(double seconds) {
        nanos += (long) (seconds * 1e9);
        Pulse ticking = pulse;
        if (ticking != null) {
            ticking.tick();
        }
    }

    /** From another thread, until somebody is woken by it. */
    void passSoon(double seconds) {
        nanos += (long) (seconds * 1e9);
        Thread.ofVirtual().start(() -> pass(0));
    }
}
