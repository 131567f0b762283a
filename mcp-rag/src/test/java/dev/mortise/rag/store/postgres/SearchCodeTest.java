package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.Samples;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The codes of vectors, reckoned with here as the database does. */
class SearchCodeTest {
    private static final int COUNT = 4_000;
    private static final int DIMENSIONS = 96;

    @Test
    void bestByTheirCodesAreTheNearest() {
        Random random = new Random(1);
        float[][] vectors = new float[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            vectors[i] = Samples.vector(random, DIMENSIONS);
        }
        assertThat(found(vectors, random)).isGreaterThanOrEqualTo(0.99);
    }

    /** As models make them: all point nearly the same way, and a few numbers are much larger than the others. */
    @Test
    void alsoWhenAllVectorsAreMuchAlike() {
        Random random = new Random(2);
        float[][] vectors = new float[COUNT][];
        for (int i = 0; i < COUNT; i++) {
            float[] vector = Samples.vector(random, DIMENSIONS);
            vector[3] += 1.5f;
            vector[40] -= 1f;
            vectors[i] = ofLengthOne(vector);
        }
        assertThat(found(vectors, random)).isGreaterThanOrEqualTo(0.97);
    }

    @Test
    void hasRoomForEveryNumberOfDimensions() {
        for (int dimensions : new int[] {1, 8, 64, 65, 384, 768, 4096}) {
            float[] vector = Samples.vector(new Random(dimensions), dimensions);
            SearchCode code = new SearchCode(dimensions);
            assertThat(code.of(vector)).hasSize(code.planes(vector)[0].length());
            assertThat(code.of(vector)).isEqualTo(new SearchCode(dimensions).of(vector));
        }
    }

    /** The part of the ten nearest that is among the four hundred best by their codes. */
    private static double found(float[][] vectors, Random random) {
        SearchCode code = new SearchCode(DIMENSIONS);
        BigInteger[] codes =
                Arrays.stream(vectors).map(code::of).map(SearchCodeTest::bits).toArray(BigInteger[]::new);
        int found = 0;
        int queries = 20;
        for (int q = 0; q < queries; q++) {
            float[] query = ofLengthOne(sum(vectors[random.nextInt(COUNT)], Samples.vector(random, DIMENSIONS)));
            BigInteger[] planes =
                    Arrays.stream(code.planes(query)).map(SearchCodeTest::bits).toArray(BigInteger[]::new);
            Integer[] byCode = order(i -> {
                double estimate = -15.0 * codes[i].bitCount();
                for (int plane = 0; plane < planes.length; plane++) {
                    estimate += (2 << plane) * codes[i].and(planes[plane]).bitCount();
                }
                return estimate;
            });
            Integer[] exact = order(i -> dot(vectors[i], query));
            var candidates = Arrays.asList(byCode).subList(0, COUNT / 10);
            found += (int)
                    Arrays.stream(exact).limit(10).filter(candidates::contains).count();
        }
        return found / (10.0 * queries);
    }

    private static Integer[] order(java.util.function.IntToDoubleFunction score) {
        double[] scores = IntStream.range(0, COUNT).mapToDouble(score).toArray();
        return IntStream.range(0, COUNT)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .toArray(Integer[]::new);
    }

    private static BigInteger bits(String hexadecimal) {
        return new BigInteger(hexadecimal.substring(1), 16);
    }

    private static float[] sum(float[] a, float[] b) {
        float[] sum = new float[a.length];
        for (int i = 0; i < a.length; i++) {
            sum[i] = a[i] + b[i];
        }
        return sum;
    }

    private static float[] ofLengthOne(float[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        float[] scaled = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            scaled[i] = (float) (vector[i] / length);
        }
        return scaled;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }
}
