package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/**
 * Has a walk of the graph compare whole vectors; whoever goes through the vectors themselves gets the scorers of their codes,
 * too.
 */
final class ExactWalkReader extends FlatVectorsReader {
    private final FlatVectorsReader codes;
    private final FlatVectorsReader exact;

    /** @param codes reads by the other, too, and closes it */
    ExactWalkReader(FlatVectorsReader codes, FlatVectorsReader exact) {
        super(codes.getFlatVectorScorer());
        this.codes = codes;
        this.exact = exact;
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
        return codes.getFloatVectorValues(field);
    }

    @Override
    public ByteVectorValues getByteVectorValues(String field) throws IOException {
        return codes.getByteVectorValues(field);
    }

    @Override
    public FlatVectorsReader getMergeInstance() throws IOException {
        return codes.getMergeInstance();
    }

    @Override
    public void finishMerge() throws IOException {
        codes.finishMerge();
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
