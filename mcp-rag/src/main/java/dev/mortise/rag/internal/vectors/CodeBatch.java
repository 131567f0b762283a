package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.apache.lucene.codecs.lucene104.QuantizedByteVectorValues;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.quantization.OptimizedScalarQuantizer;

/**
 * Compares codes with a target, a batch at a time: all of a batch are fetched before the first is looked at, so that the
 * processor waits for memory once and not for each. A code lies in the file as Lucene wrote it: its bytes, then the lower
 * and the upper end of the interval that they divide, a correction, and the sum of the bytes. Not thread-safe.
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
    private final int dimension;
    private final float centroid;
    private final byte[][] codes = new byte[MOST][];
    private final byte[] terms = new byte[MOST * TERMS];

    CodeBatch(QuantizedByteVectorValues values) throws IOException {
        IndexInput slice = values.getSlice();
        if (!(slice instanceof RandomAccessInput random)) {
            throw new IOException("The codes cannot be read at random");
        }
        this.file = random;
        this.values = values;
        this.length = values.getVectorByteLength();
        this.dimension = values.dimension();
        this.centroid = values.getCentroidDP();
        for (int i = 0; i < MOST; i++) {
            codes[i] = new byte[length];
        }
    }

    /** As a target; the vector stays as it is. */
    Target encode(float[] vector) throws IOException {
        byte[] code = new byte[length];
        OptimizedScalarQuantizer.QuantizationResult made = values.getQuantizer()
                .scalarQuantize(vector.clone(), code, ChunkVectorsFormat.ENCODING.getQueryBits(), values.getCentroid());
        return new Target(
                code,
                made.lowerInterval(),
                made.upperInterval(),
                made.additionalCorrection(),
                made.quantizedComponentSum());
    }

    Target stored(int ordinal) throws IOException {
        byte[] code = new byte[length];
        byte[] its = new byte[TERMS];
        long at = (long) ordinal * (length + TERMS);
        file.readBytes(at, code, 0, length);
        file.readBytes(at + length, its, 0, TERMS);
        return new Target(
                code,
                (float) FLOAT.get(its, 0),
                (float) FLOAT.get(its, Float.BYTES),
                (float) FLOAT.get(its, 2 * Float.BYTES),
                (int) INT.get(its, 3 * Float.BYTES));
    }

    /** Lucene's score of a dot product, (1 + product) / 2, for each; returns the best. */
    float score(Target target, int[] ordinals, float[] scores, int count) throws IOException {
        float best = Float.NEGATIVE_INFINITY;
        for (int from = 0; from < count; from += MOST) {
            int many = Math.min(MOST, count - from);
            for (int i = 0; i < many; i++) {
                long at = (long) ordinals[from + i] * (length + TERMS);
                file.readBytes(at, codes[i], 0, length);
                file.readBytes(at + length, terms, i * TERMS, TERMS);
            }
            for (int i = 0; i < many; i++) {
                float score = score(target, codes[i], i * TERMS);
                scores[from + i] = score;
                best = Math.max(best, score);
            }
        }
        return best;
    }

    /** Both are their interval's beginning plus steps, so that their product falls into four parts. */
    private float score(Target target, byte[] code, int at) {
        float lower = (float) FLOAT.get(terms, at);
        float step = ((float) FLOAT.get(terms, at + Float.BYTES) - lower) / STEPS;
        float correction = (float) FLOAT.get(terms, at + 2 * Float.BYTES);
        float sum = (int) INT.get(terms, at + 3 * Float.BYTES);
        float product = lower * target.lower * dimension
                + target.lower * step * sum
                + lower * target.step * target.sum
                + step * target.step * VectorUtil.uint8DotProduct(target.code, code);
        float cosine = product + target.correction + correction - centroid;
        return (1 + Math.clamp(cosine, -1, 1)) / 2;
    }
}
