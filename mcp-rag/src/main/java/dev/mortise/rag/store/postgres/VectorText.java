package dev.mortise.rag.store.postgres;

/** Vectors as PostgreSQL reads them. */
final class VectorText {
    private VectorText() {}

    /** As {@code float4[]}. */
    static String array(float[] vector) {
        return written(vector, '{', '}');
    }

    /** As {@code vector} of pgvector. */
    static String pgvector(float[] vector) {
        return written(vector, '[', ']');
    }

    private static String written(float[] vector, char open, char close) {
        StringBuilder text = new StringBuilder(vector.length * 12).append(open);
        for (int i = 0; i < vector.length; i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append(vector[i]);
        }
        return text.append(close).toString();
    }
}
