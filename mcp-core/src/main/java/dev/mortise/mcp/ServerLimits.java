package dev.mortise.mcp;

import java.time.Duration;

/** The bounds of a server that is being composed; the builder says what each means. Not thread-safe. */
final class ServerLimits {
    Duration stateTtl = Duration.ofMinutes(15);
    Duration shutdownNotice = Duration.ZERO;
    Duration shutdownGrace = Duration.ofSeconds(10);
    Duration listTtl = Duration.ofMinutes(1);
    Duration readTtl = Duration.ZERO;
    int pageSize = 100;
    int maxListenStreams = 10_000;
    int maxListenStreamsPerCaller = 1_000;
    int maxRunningCalls = 10_000;
    int maxResourceBytes = 16 * 1024 * 1024;

    static Duration positive(Duration value, String name) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be longer than nothing, but is " + value);
        }
        return value;
    }

    static Duration notNegative(Duration value, String name) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " must not be negative, but is " + value);
        }
        return value;
    }

    static int atLeastOne(int value, String name) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
        }
        return value;
    }
}
