package dev.mortise.mcp.internal.observe;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The bounds of the histograms. */
public final class Buckets {
    /** Those that the OpenTelemetry conventions name. */
    static final Duration[] CONVENTIONAL = durations(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300);

    private static final Duration[] USUAL = durations(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);

    private final Duration[] bounds;

    /** The usual ones, among them 0.5 and 1 second, and these. */
    public Buckets(Collection<Duration> further) {
        bounds = Stream.concat(Arrays.stream(USUAL), further.stream())
                .distinct()
                .sorted()
                .toArray(Duration[]::new);
    }

    Duration[] durations() {
        return bounds.clone();
    }

    private static Duration[] durations(double... seconds) {
        return DoubleStream.of(seconds)
                .mapToObj(s -> Duration.ofMillis(Math.round(s * 1000)))
                .toArray(Duration[]::new);
    }
}
