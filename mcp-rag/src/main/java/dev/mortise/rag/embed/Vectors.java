package dev.mortise.rag.embed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** Arithmetic on vectors. */
final class Vectors {
    private Vectors() {}

    /** Makes it of length one, in place. False if it has none: it is all zero, or not all numbers are finite. */
    static boolean normalize(float[] vector) {
        double squares = 0;
        for (float each : vector) {
            squares += (double) each * each;
        }
        if (!(squares > 0) || Double.isInfinite(squares)) {
            return false;
        }
        double length = Math.sqrt(squares);
        for (int at = 0; at < vector.length; at++) {
            vector[at] = (float) (vector[at] / length);
        }
        return true;
    }

    /** As IEEE 754 binary32, the low byte first. */
    static byte[] bytes(float[] vector) {
        ByteBuffer buffer = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    /** Null if these are not the bytes of a vector of length one and so many dimensions. */
    static float @Nullable [] of(byte[] bytes, int dimensions) {
        if (bytes.length != dimensions * Float.BYTES) {
            return null;
        }
        float[] vector = new float[dimensions];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(vector);
        return normalize(vector) ? vector : null;
    }
}
