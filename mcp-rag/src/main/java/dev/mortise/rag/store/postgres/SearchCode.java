package dev.mortise.rag.store.postgres;

import java.util.SplittableRandom;

/**
 * Short forms of vectors that plain SQL can compare: {@code bit_count} and {@code &} are all it has for that. Which vectors
 * are near is decided by the vectors themselves; codes say which of them to look at.
 *
 * <p>A vector is turned at random first, always in the same way, so that whatever a model puts into a few of its numbers is
 * spread over all; then each number is one of four steps. A step is written as ones from the bottom (000, 001, 011, 111),
 * so that the ones that a code has in common with a plane of the query's bits are the sum of products. Immutable. What is
 * stored depends on every constant here.
 */
final class SearchCode {
    private static final long SEED = 20_261_122L;
    private static final int ROUNDS = 2;
    private static final int LEAST = 64;

    /** Between the steps of a number of the standard normal distribution; of four steps, and of sixteen. */
    private static final double STEP = 0.9957;

    private static final double FINE_STEP = 0.3352;

    private static final int CEILING = 15;

    /** How many planes of bits a query has, the lowest first. */
    static final int PLANES = 4;

    private final int size;
    private final boolean[][] flips;

    SearchCode(int dimensions) {
        int power = Integer.highestOneBit(Math.max(LEAST, dimensions));
        this.size = power < dimensions ? power * 2 : power;
        this.flips = new boolean[ROUNDS][size];
        SplittableRandom random = new SplittableRandom(SEED);
        for (boolean[] round : flips) {
            for (int i = 0; i < size; i++) {
                round[i] = random.nextBoolean();
            }
        }
    }

    /** Of a stored vector, as PostgreSQL reads {@code bit varying} in hexadecimal. */
    String of(float[] vector) {
        double[] turned = turned(vector);
        boolean[] bits = new boolean[3 * size];
        for (int i = 0; i < size; i++) {
            bits[i] = turned[i] > -STEP;
            bits[size + i] = turned[i] > 0;
            bits[2 * size + i] = turned[i] > STEP;
        }
        return hexadecimal(bits);
    }

    /** Of a query, a plane for each bit of its sixteen steps. */
    String[] planes(float[] query) {
        double[] turned = turned(query);
        int[] steps = new int[size];
        for (int i = 0; i < size; i++) {
            steps[i] = Math.clamp(Math.round(turned[i] / FINE_STEP + CEILING / 2.0), 0, CEILING);
        }
        String[] planes = new String[PLANES];
        for (int plane = 0; plane < PLANES; plane++) {
            boolean[] bits = new boolean[3 * size];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = ((steps[i % size] >> plane) & 1) == 1;
            }
            planes[plane] = hexadecimal(bits);
        }
        return planes;
    }

    /** Of length {@code sqrt(size)}, so that a number is of about one. */
    private double[] turned(float[] vector) {
        double[] turned = new double[size];
        for (int i = 0; i < vector.length; i++) {
            turned[i] = vector[i];
        }
        for (boolean[] round : flips) {
            for (int i = 0; i < size; i++) {
                turned[i] = round[i] ? -turned[i] : turned[i];
            }
            hadamard(turned);
        }
        double scale = Math.pow(size, (1 - ROUNDS) / 2.0);
        for (int i = 0; i < size; i++) {
            turned[i] *= scale;
        }
        return turned;
    }

    private static void hadamard(double[] values) {
        for (int half = 1; half < values.length; half *= 2) {
            for (int block = 0; block < values.length; block += 2 * half) {
                for (int i = block; i < block + half; i++) {
                    double a = values[i];
                    double b = values[i + half];
                    values[i] = a + b;
                    values[i + half] = a - b;
                }
            }
        }
    }

    private static String hexadecimal(boolean[] bits) {
        StringBuilder hexadecimal = new StringBuilder(1 + bits.length / 4).append('x');
        for (int i = 0; i < bits.length; i += 4) {
            int digit = (bits[i] ? 8 : 0) | (bits[i + 1] ? 4 : 0) | (bits[i + 2] ? 2 : 0) | (bits[i + 3] ? 1 : 0);
            hexadecimal.append(Character.forDigit(digit, 16));
        }
        return hexadecimal.toString();
    }
}
