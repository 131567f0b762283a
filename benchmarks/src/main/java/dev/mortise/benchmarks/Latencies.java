package dev.mortise.benchmarks;

import java.util.Arrays;

/** How long requests took. Not thread-safe. */
public final class Latencies {
    private long[] nanos = new long[1 << 16];
    private int count;

    public void add(long duration) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = duration;
    }

    public void addAll(Latencies others) {
        for (int i = 0; i < others.count; i++) {
            add(others.nanos[i]);
        }
    }

    public int count() {
        return count;
    }

    /** In milliseconds, for example {@code p50 0.42 ms, p95 1.10 ms, p99 2.03 ms}. */
    public String summary() {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return "p50 %.2f ms, p95 %.2f ms, p99 %.2f ms"
                .formatted(percentile(sorted, 50), percentile(sorted, 95), percentile(sorted, 99));
    }

    /** A percentile in milliseconds. */
    public double millis(int percent) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return percentile(sorted, percent);
    }

    private static double percentile(long[] sorted, int percent) {
        if (sorted.length == 0) {
            return Double.NaN;
        }
        int index = Math.min(sorted.length - 1, (int) ((long) sorted.length * percent / 100));
        return sorted[index] / 1e6;
    }
}
