package dev.mortise.benchmarks.vectors;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/** Searches one index with one filter, wider and wider: what it finds at each width, and how fast. */
final class Sweep {
    private static final List<Integer> BEAMS = List.of(10, 14, 20, 28, 40, 56, 80, 112, 160, 224, 320, 450);

    /** Nothing is gained by going on from here. */
    private static final double ENOUGH = 0.993;

    private static final int EXACT_QUERIES = 5;

    /** Looking at the clock costs as much as a small part of a search. */
    private static final int BETWEEN_LOOKS = 4;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /** Of one width. */
    private static final class Point {
        private final int beam;
        private final double recall;
        private final List<Double> rates = new ArrayList<>();

        Point(int beam, double recall) {
            this.beam = beam;
            this.recall = recall;
        }

        double rate() {
            double[] sorted =
                    rates.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            return sorted[sorted.length / 2];
        }
    }

    private final VectorIndex index;
    private final Share share;
    private final float[][] queries;
    private final List<Point> points = new ArrayList<>();
    private int next;

    Sweep(VectorIndex index, Share share, float[][] queries, Truth truth) throws IOException {
        this.index = index;
        this.share = share;
        this.queries = queries;
        for (int beam : BEAMS) {
            int asked = index.exact() ? EXACT_QUERIES : queries.length;
            double recall = 0;
            for (int q = 0; q < asked; q++) {
                recall += truth.recall(share, q, index.search(queries[q], beam, share)) / asked;
            }
            points.add(new Point(beam, recall));
            if (recall > ENOUGH || index.exact()) {
                break;
            }
        }
    }

    /**
     * Adds a measurement to each width. Time is the processor's on this thread, on which all of them search: what else runs on
     * the machine takes turns, and is not counted.
     */
    void round(int millis) throws IOException {
        for (Point point : points) {
            long begin = THREADS.getCurrentThreadCpuTime();
            long end = begin + millis * 1_000_000L;
            int count = 0;
            long now;
            do {
                for (int i = 0; i < BETWEEN_LOOKS; i++) {
                    index.search(queries[next++ % queries.length], point.beam, share);
                }
                count += BETWEEN_LOOKS;
                now = THREADS.getCurrentThreadCpuTime();
            } while (now - end < 0);
            point.rates.add(count * 1e9 / (now - begin));
        }
    }

    double best() {
        return points.stream().mapToDouble(point -> point.recall).max().orElse(0);
    }

    /** Queries a second at this recall, between two widths as if the time went straight; empty if it finds less. */
    OptionalDouble rateAt(double recall) {
        Point below = null;
        for (Point point : points) {
            if (point.recall >= recall) {
                if (below == null || point.recall <= below.recall) {
                    return OptionalDouble.of(point.rate());
                }
                double part = (recall - below.recall) / (point.recall - below.recall);
                return OptionalDouble.of(1 / ((1 - part) / below.rate() + part / point.rate()));
            }
            below = point;
        }
        return OptionalDouble.empty();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Point point : points) {
            text.append(String.format(" %d:%.3f/%.0f", point.beam, point.recall, point.rate()));
        }
        return text.toString();
    }

    static float[][] queries(VectorData data) {
        float[][] queries = new float[data.queries()][];
        Arrays.setAll(queries, data::query);
        return queries;
    }
}
