package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.lucene.codecs.lucene104.QuantizedByteVectorValues;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.VectorUtil;

/**
 * Compares codes with a target, a batch at a time: all of a batch are fetched before the first is looked at, so that the
 * processor waits for memory once and not for each. A record lies in the file as Lucene wrote it: the code's bytes, then the
 * lower and the upper end of the interval that they divide, a correction, and the sum of the bytes. It is fetched whole, and
 * a target has zeros where those numbers are, so that they do not count. Not thread-safe.
 */
final class CodeBatch {
    private static final int MOST = 32;
    private static final int TERMS = 3 * Float.BYTES + Integer.BYTES;
    private static final VarHandle FLOAT = MethodHandles.byteArrayViewVarHandle(float[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** The steps of an interval: one less than the values that a byte has. */
    private static final float STEPS = 255;

    /** What codes are compared with. */
    static final class Target {
        private final byte[] code;
        private final float lower;
        private final float step;
        private final float sum;
        private final float correction;

        Target(byte[] code, float lower, float upper, float correction, int sum) {
            this.code = code;
            this.lower = lower;
            this.step = (upper - lower) / STEPS;
            this.correction = correction;
            this.sum = sum;
        }
    }

    private final RandomAccessInput file;
    private final QuantizedByteVectorValues values;
    private final int length;
    private final int record;
    private final int dimension;
    private final float centroid;
    private final byte[][] records = new byte[MOST][];

    CodeBatch(QuantizedByteVectorValues values) throws IOException {
        IndexInput slice = values.getSlice();
        if (!(slice instanceof RandomAccessInput random)) {
            throw new IOException("The codes cannot be read at random");
        }
        this.file = random;
        this.values = values;
        this.length = values.getVectorByteLength();
        this.record = length + TERMS;
        this.dimension = values.dimension();
        this.centroid = values.getCentroidDP();
        for (int i = 0; i < MOST; i++) {
            records[i] = new byte[record];
        }
    }

    /**
     * As a target. Its interval is that of its numbers, not the best there is: looking for that takes longer than comparing
     * some hundred codes, and gains nothing with so many steps.
     */
    Target encode(float[] vector) throws IOException {
        float[] center = values.getCentroid();
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        for (int d = 0; d < dimension; d++) {
            float number = vector[d] - center[d];
            least = Math.min(least, number);
            most = Math.max(most, number);
        }
        float steps = most > least ? STEPS / (most - least) : 0;
        byte[] code = new byte[record];
        int sum = 0;
        for (int d = 0; d < dimension; d++) {
            int step = (int) ((vector[d] - center[d] - least) * steps + 0.5f);
            code[d] = (byte) step;
            sum += step;
        }
        return new Target(code, least, most, VectorUtil.dotProduct(vector, center), sum);
    }

    Target stored(int ordinal) throws IOException {
        byte[] code = new byte[record];
        file.readBytes((long) ordinal * record, code, 0, record);
        Target target = new Target(
                code,
                (float) FLOAT.get(code, length),
                (float) FLOAT.get(code, length + Float.BYTES),
                (float) FLOAT.get(code, length + 2 * Float.BYTES),
                (int) INT.get(code, length + 3 * Float.BYTES));
        Arrays.fill(code, length, record, (byte) 0);
        return target;
    }

    /** Lucene's score of a dot product, (1 + product) / 2, for each; returns the best. */
    float score(Target target, int[] ordinals, float[] scores, int count) throws IOException {
        float best = Float.NEGATIVE_INFINITY;
        for (int from = 0; from < count; from += MOST) {
            int many = Math.min(MOST, count - from);
            for (int i = 0; i < many; i++) {
                file.readBytes((long) ordinals[from + i] * record, records[i], 0, record);
            }
            for (int i = 0; i < many; i++) {
                float score = score(target, records[i]);
                scores[from + i] = score;
                best = Math.max(best, score);
            }
        }
        return best;
    }

    /** Both are their interval's beginning plus steps, so that their product falls into four parts. */
    private float score(Target target, byte[] code) {
        float lower = (float) FLOAT.get(code, length);
        float step = ((float) FLOAT.get(code, length + Float.BYTES) - lower) / STEPS;
        float correction = (float) FLOAT.get(code, length + 2 * Float.BYTES);
        float sum = (int) INT.get(code, length + 3 * Float.BYTES);
        float product = lower * target.lower * dimension
                + target.lower * step * sum
                + lower * target.step * target.sum
                + step * target.step * VectorUtil.uint8DotProduct(target.code, code);
        float cosine = product + target.correction + correction - centroid;
        return (1 + Math.clamp(cosine, -1, 1)) / 2;
    }
}
