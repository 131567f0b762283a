package dev.mortise.benchmarks.vectors;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import org.apache.lucene.util.VectorUtil;

/** The ten nearest to each query, among those that pass: found by comparing all, and kept in a file. */
final class Truth {
    static final int NEAREST = 10;

    private record Scored(int id, float score) {}

    private final Map<Share, int[][]> nearest;

    private Truth(Map<Share, int[][]> nearest) {
        this.nearest = nearest;
    }

    static Truth of(VectorData data, Path folder) throws IOException {
        Path file = folder.resolve("truth");
        if (!Files.exists(file)) {
            Path unfinished = folder.resolve("truth.unfinished");
            write(compare(data), unfinished);
            Files.move(unfinished, file);
        }
        return new Truth(read(file, data.queries()));
    }

    /** The share of the nearest that are among these. */
    double recall(Share share, int query, int[] found) {
        int[] wanted = of(share)[query];
        if (wanted.length == 0) {
            return 1;
        }
        long hits = Arrays.stream(wanted)
                .filter(id -> Arrays.stream(found).anyMatch(other -> other == id))
                .count();
        return hits / (double) wanted.length;
    }

    private int[][] of(Share share) {
        return Objects.requireNonNull(nearest.get(share));
    }

    private static Map<Share, int[][]> compare(VectorData data) {
        float[][] queries = new float[data.queries()][];
        Arrays.setAll(queries, data::query);
        Map<Share, PriorityQueue<Scored>[]> best = new EnumMap<>(Share.class);
        for (Share share : Share.values()) {
            @SuppressWarnings({"unchecked", "rawtypes"})
            PriorityQueue<Scored>[] heaps = new PriorityQueue[queries.length];
            Arrays.setAll(heaps, q -> new PriorityQueue<Scored>((a, b) -> Float.compare(a.score, b.score)));
            best.put(share, heaps);
        }
        for (int i = 0; i < data.size(); i++) {
            float[] vector = data.vector(i);
            for (Share share : data.shares(i)) {
                PriorityQueue<Scored>[] heaps = Objects.requireNonNull(best.get(share));
                for (int q = 0; q < queries.length; q++) {
                    offer(heaps[q], i, VectorUtil.dotProduct(queries[q], vector));
                }
            }
        }
        Map<Share, int[][]> nearest = new EnumMap<>(Share.class);
        best.forEach((share, heaps) -> nearest.put(
                share,
                Arrays.stream(heaps)
                        .map(heap -> heap.stream().mapToInt(Scored::id).toArray())
                        .toArray(int[][]::new)));
        return nearest;
    }

    private static void offer(PriorityQueue<Scored> heap, int id, float score) {
        if (heap.size() < NEAREST) {
            heap.add(new Scored(id, score));
        } else if (score > Objects.requireNonNull(heap.peek()).score) {
            heap.poll();
            heap.add(new Scored(id, score));
        }
    }

    private static void write(Map<Share, int[][]> nearest, Path file) throws IOException {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (Share share : Share.values()) {
                for (int[] ids : Objects.requireNonNull(nearest.get(share))) {
                    out.writeInt(ids.length);
                    for (int id : ids) {
                        out.writeInt(id);
                    }
                }
            }
        }
    }

    private static Map<Share, int[][]> read(Path file, int queries) throws IOException {
        Map<Share, int[][]> nearest = new EnumMap<>(Share.class);
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            for (Share share : Share.values()) {
                int[][] all = new int[queries][];
                for (int q = 0; q < all.length; q++) {
                    all[q] = new int[in.readInt()];
                    for (int i = 0; i < all[q].length; i++) {
                        all[q][i] = in.readInt();
                    }
                }
                nearest.put(share, all);
            }
        }
        return nearest;
    }
}
