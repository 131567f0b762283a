package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.search.VectorScorer;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** The vectors of a segment, with what compares them with a query: whole, or by their codes. Not thread-safe. */
public final class ChunkVectors extends FloatVectorValues {
    private final FloatVectorValues values;
    private final String field;
    private final FlatVectorsReader exact;
    private final FlatVectorsReader codes;

    ChunkVectors(FloatVectorValues values, String field, FlatVectorsReader exact, FlatVectorsReader codes) {
        this.values = values;
        this.field = field;
        this.exact = exact;
        this.codes = codes;
    }

    /** Scores (1 + cosine) / 2, by the numbers of vectors. */
    public RandomVectorScorer exact(float[] query) throws IOException {
        return exact.getRandomVectorScorer(field, query);
    }

    /** Guesses the same, by codes. */
    public RandomVectorScorer codes(float[] query) throws IOException {
        return codes.getRandomVectorScorer(field, query);
    }

    @Override
    public float[] vectorValue(int number) throws IOException {
        return values.vectorValue(number);
    }

    @Override
    public int dimension() {
        return values.dimension();
    }

    @Override
    public int size() {
        return values.size();
    }

    @Override
    public int ordToDoc(int number) {
        return values.ordToDoc(number);
    }

    @Override
    public Bits getAcceptOrds(Bits entries) {
        return values.getAcceptOrds(entries);
    }

    @Override
    public DocIndexIterator iterator() {
        return values.iterator();
    }

    @Override
    public VectorScorer scorer(float[] query) throws IOException {
        return values.scorer(query);
    }

    @Override
    public FloatVectorValues copy() throws IOException {
        return new ChunkVectors(values.copy(), field, exact, codes);
    }
}
