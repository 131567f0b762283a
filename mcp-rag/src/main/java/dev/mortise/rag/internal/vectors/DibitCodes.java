package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.lucene.codecs.lucene104.QuantizedByteVectorValues;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Compares codes of two bits for each number with a query of four bits for each, by counting bits. A record lies in the file
 * as Lucene wrote it: the lower bits of all numbers, the upper bits, the lower and the upper end of the interval that they divide,
 * a correction, and the sum of the codes. All of a batch are fetched before the first is looked at, so that the processor waits
 * for memory once and not for each; then a batch is turned round, so that the loop over its codes is one that a compiler makes
 * vector instructions of, without the module that has them. Not thread-safe.
 */
final class DibitCodes extends RandomVectorScorer.AbstractRandomVectorScorer {
    private static final int BATCH = 64;
    private static final int TERMS = 3 * Float.BYTES + Integer.BYTES;
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** The bits of a number of the query. */
    private static final int BITS = 4;

    private static final int STEPS = (1 << BITS) - 1;

    /** One less than the values that two bits have. */
    private static final int CODE_STEPS = 3;

    private final RandomAccessInput file;
    private final int stripe;
    private final int words;
    private final int record;
    private final byte[] records;

    /** Of a batch, the first words of all codes, then the second, and so on: of their lower bits and of their upper bits. */
    private final long[][] low;

    private final long[][] high;

    /** What each code of a batch has in common with the query. */
    private final int[] common;

    /** Of each word of a code, the first bits of the query's numbers, then the second, and so on; zeros beyond the stripe. */
    private final long[] planes;

    /** Of a score, what does not depend on the code; and what its beginning, its sum and what it has in common are taken by. */
    private final float base;

    private final float ofFrom;
    private final float ofCodes;
    private final float ofCommon;

    DibitCodes(QuantizedByteVectorValues codes, RandomAccessInput file, float[] query) throws IOException {
        super(codes);
        this.file = file;
        int dimension = codes.dimension();
        this.stripe = codes.getVectorByteLength() / 2;
        this.words = (stripe + Long.BYTES - 1) / Long.BYTES;
        this.record = 2 * stripe + TERMS;
        this.records = new byte[BATCH * record];
        this.low = new long[words][BATCH];
        this.high = new long[words][BATCH];
        this.common = new int[BATCH];
        this.planes = new long[words * BITS];
        float[] center = codes.getCentroid();
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int d = 0; d < dimension; d++) {
            float number = query[d] - center[d];
            least = Math.min(least, number);
            most = Math.max(most, number);
        }
        float perUnit = most > least ? STEPS / (most - least) : 0;
        int steppedSum = 0;
        for (int d = 0; d < dimension; d++) {
            int stepped = (int) ((query[d] - center[d] - least) * perUnit + 0.5f);
            steppedSum += stepped;
            set(d, stepped);
        }
        float step = (most - least) / STEPS;
        this.base = (1 + VectorUtil.dotProduct(query, center) - codes.getCentroidDP()) / 2;
        this.ofFrom = (least * dimension + step * steppedSum) / 2;
        this.ofCodes = least / CODE_STEPS / 2;
        this.ofCommon = step / CODE_STEPS / 2;
    }

    /** Stripes begin with the highest bit of their first byte. */
    private void set(int dimension, int stepped) {
        int at = dimension / Long.SIZE * BITS;
        int bit = dimension % Long.SIZE / Byte.SIZE * Byte.SIZE + Byte.SIZE - 1 - dimension % Byte.SIZE;
        for (int b = 0; b < BITS; b++) {
            planes[at + b] |= (stepped >> b & 1L) << bit;
        }
    }

    @Override
    public float score(int number) throws IOException {
        int[] numbers = {number};
        float[] scores = new float[1];
        bulkScore(numbers, scores, 1);
        return scores[0];
    }

    @Override
    public float bulkScore(int[] numbers, float[] scores, int count) throws IOException {
        float best = Float.NEGATIVE_INFINITY;
        for (int from = 0; from < count; from += BATCH) {
            int many = Math.min(BATCH, count - from);
            for (int i = 0; i < many; i++) {
                file.readBytes((long) numbers[from + i] * record, records, i * record, record);
            }
            turnRound(many);
            Arrays.fill(common, 0);
            for (int w = 0; w < words; w++) {
                int at = w * BITS;
                count(low[w], high[w], planes[at], planes[at + 1], planes[at + 2], planes[at + 3], common);
            }
            for (int i = 0; i < many; i++) {
                float score = score(i * record + 2 * stripe, common[i]);
                scores[from + i] = score;
                best = Math.max(best, score);
            }
        }
        return best;
    }

    /** A stripe's last word may go on into what follows it, where the query has zeros. */
    private void turnRound(int many) {
        for (int w = 0; w < words; w++) {
            long[] lower = low[w];
            long[] upper = high[w];
            int at = w * Long.BYTES;
            for (int i = 0; i < many; i++, at += record) {
                lower[i] = (long) LONG.get(records, at);
                upper[i] = (long) LONG.get(records, at + stripe);
            }
        }
    }

    /**
     * Adds the product of the steps of the query and those of each code, from the products of their bits. Of all places of a
     * batch, also where there are fewer codes: what is left there from before is not looked at. A method and arrays of its own,
     * with one index into all, is what the compiler makes vector instructions of.
     */
    private static void count(long[] low, long[] high, long first, long second, long third, long fourth, int[] common) {
        for (int i = 0; i < BATCH; i++) {
            long lower = low[i];
            long upper = high[i];
            common[i] += Long.bitCount(lower & first)
                    + 2 * (Long.bitCount(lower & second) + Long.bitCount(upper & first))
                    + 4 * (Long.bitCount(lower & third) + Long.bitCount(upper & second))
                    + 8 * (Long.bitCount(lower & fourth) + Long.bitCount(upper & third))
                    + 16 * Long.bitCount(upper & fourth);
        }
    }

    /** Both are their interval's beginning plus steps, so that their product falls into four parts. */
    private float score(int terms, int steps) {
        float from = (float) FLOAT.get(records, terms);
        float width = (float) FLOAT.get(records, terms + Float.BYTES) - from;
        float own = (float) FLOAT.get(records, terms + 2 * Float.BYTES);
        int codes = (int) INT.get(records, terms + 3 * Float.BYTES);
        return base + own / 2 + from * ofFrom + width * (codes * ofCodes + steps * ofCommon);
    }
}
