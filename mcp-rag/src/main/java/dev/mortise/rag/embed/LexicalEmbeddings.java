package dev.mortise.rag.embed;

import java.util.ArrayList;
import java.util.List;

/**
 * Works before a model is there: no download, no network, no key. It compares words and pieces of words, and knows nothing
 * of meaning: a synonym or another language is as far as any other text. What it adds to a search by words is forgiveness
 * for spelling and inflection. Thread-safe.
 *
 * <p>Each word, each three and four letters of it, each Chinese, Japanese or Korean character and pair of them is a
 * feature that is hashed to a dimension and a sign; how often it occurs counts by its logarithm.
 */
public final class LexicalEmbeddings implements EmbeddingModel {
    private static final int REVISION = 1;
    private static final int DEFAULT_DIMENSIONS = 768;

    private final int dimensions;

    private LexicalEmbeddings(int dimensions) {
        this.dimensions = dimensions;
    }

    /** With 768 dimensions. */
    public static LexicalEmbeddings standard() {
        return new LexicalEmbeddings(DEFAULT_DIMENSIONS);
    }

    /** @param dimensions 64 to 4096: the more, the fewer features share one */
    public static LexicalEmbeddings of(int dimensions) {
        if (dimensions < 64 || dimensions > 4096) {
            throw new IllegalArgumentException("Lexical vectors have 64 to 4096 dimensions, not " + dimensions);
        }
        return new LexicalEmbeddings(dimensions);
    }

    @Override
    public String id() {
        return "lexical-" + REVISION + "-" + dimensions;
    }

    @Override
    public int dimensions() {
        return dimensions;
    }

    @Override
    public List<float[]> embed(List<String> texts, Use use) {
        List<float[]> vectors = new ArrayList<>(texts.size());
        for (String text : texts) {
            vectors.add(embed(text));
        }
        return vectors;
    }

    private float[] embed(String text) {
        float[] vector = new float[dimensions];
        LexicalFeatures.of(text).forEach((feature, weight) -> {
            // The high bits choose the dimension, the lowest one the sign, so that what collides cancels out on
            // average.
            int at = (int) Long.remainderUnsigned(feature >>> 1, dimensions);
            vector[at] += (feature & 1) == 0 ? weight : -weight;
        });
        if (!Vectors.normalize(vector)) {
            // A text without a word is like no other.
            vector[0] = 1;
        }
        return vector;
    }
}
