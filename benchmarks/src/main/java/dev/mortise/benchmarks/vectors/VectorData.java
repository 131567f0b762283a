package dev.mortise.benchmarks.vectors;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.apache.lucene.util.VectorUtil;

/**
 * Made-up vectors of length one, the same for the same shape, size and dimensions; each is made when it is asked for.
 * Clustered: around a hundredth as many centres, and queries come from the same clusters. Anisotropic: a few directions
 * vary much and most hardly, and all share a drift, as those of language models do; queries have another drift and vary
 * otherwise, as questions do next to documents.
 */
record VectorData(Shape shape, int size, int dimensions) {
    private static final int MOST_QUERIES = 300;
    private static final long SEED = 20261123;
    private static final double SPREAD = 0.55;

    /** How vectors lie. */
    enum Shape {
        CLUSTERED,
        ANISOTROPIC
    }

    String name() {
        return shape.name().toLowerCase(Locale.ROOT) + "-" + size + "x" + dimensions;
    }

    /** How many there are: fewer where there is little to find. */
    int queries() {
        return Math.clamp(size / 200, 10, MOST_QUERIES);
    }

    float[] vector(int i) {
        return vector(new SplittableRandom(SEED + i), cluster(i), false);
    }

    float[] query(int i) {
        SplittableRandom random = new SplittableRandom(-SEED - i);
        return vector(random, random.nextInt(clusters()), shape == Shape.ANISOTROPIC);
    }

    /** Which filters it passes. Those of the tenant are the first tenth of the clusters. */
    Set<Share> shares(int i) {
        SplittableRandom random = new SplittableRandom(SEED * 31 + i);
        EnumSet<Share> shares = EnumSet.of(Share.ALL);
        if (random.nextInt(100) < 1) {
            shares.add(Share.ONE);
        }
        if (random.nextInt(10) < 1) {
            shares.add(Share.TEN);
        }
        if (random.nextBoolean()) {
            shares.add(Share.HALF);
        }
        if (cluster(i) < clusters() / 10) {
            shares.add(Share.TENANT);
        }
        return shares;
    }

    private int clusters() {
        return Math.max(10, size / 100);
    }

    private int cluster(int i) {
        return new SplittableRandom(SEED * 17 + i).nextInt(clusters());
    }

    private float[] vector(SplittableRandom random, int cluster, boolean asked) {
        float[] vector = new float[dimensions];
        switch (shape) {
            case CLUSTERED -> {
                SplittableRandom center = new SplittableRandom(SEED * 13 + cluster);
                for (int d = 0; d < dimensions; d++) {
                    vector[d] = (float) (center.nextGaussian() + SPREAD * random.nextGaussian());
                }
            }
            case ANISOTROPIC -> {
                SplittableRandom center = new SplittableRandom(SEED * 13 + cluster);
                SplittableRandom drift = new SplittableRandom(asked ? 2 : 1);
                for (int d = 0; d < dimensions; d++) {
                    double width = Math.pow(1 + d, asked ? -0.35 : -0.5);
                    vector[d] = (float) (0.15 * drift.nextGaussian()
                            + width * (0.7 * center.nextGaussian() + 0.7 * random.nextGaussian()));
                }
            }
        }
        return VectorUtil.l2normalize(vector);
    }
}
