package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** Has a walk of the graph compare whole vectors; whoever goes through the vectors themselves gets {@link ChunkVectors}. */
final class ExactAndCodesReader extends FlatVectorsReader {
    private final FlatVectorsReader exact;
    private final FlatVectorsReader codes;

    /** @param exact belongs to this one from now on */
    ExactAndCodesReader(SegmentReadState state, FlatVectorsReader exact) throws IOException {
        super(exact.getFlatVectorScorer());
        this.exact = exact;
        // Closes the other with itself, also when it cannot be opened.
        this.codes = new Lucene104ScalarQuantizedVectorsReader(state, exact, CodeScorer.SCORER);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(String field, float[] target) throws IOException {
        return exact.getRandomVectorScorer(field, target);
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(String field, byte[] target) throws IOException {
        return exact.getRandomVectorScorer(field, target);
    }

    @Override
    public FloatVectorValues getFloatVectorValues(String field) throws IOException {
        return new ChunkVectors(exact.getFloatVectorValues(field), field, exact, codes);
    }

    @Override
    public ByteVectorValues getByteVectorValues(String field) throws IOException {
        return exact.getByteVectorValues(field);
    }

    @Override
    public void checkIntegrity() throws IOException {
        codes.checkIntegrity();
    }

    @Override
    public Map<String, Long> getOffHeapByteSize(FieldInfo field) {
        return codes.getOffHeapByteSize(field);
    }

    @Override
    public long ramBytesUsed() {
        return codes.ramBytesUsed();
    }

    @Override
    public void close() throws IOException {
        codes.close();
    }
}
