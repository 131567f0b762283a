package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorScorer;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat.ScalarEncoding;
import org.apache.lucene.codecs.lucene104.QuantizedByteVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.hnsw.RandomVectorScorer;

/** Lucene's scorer of codes, with {@link DibitCodes} where they can be. */
final class CodeScorer extends Lucene104ScalarQuantizedVectorScorer {
    static final ScalarEncoding ENCODING = ScalarEncoding.DIBIT_QUERY_NIBBLE;
    static final CodeScorer SCORER = new CodeScorer();

    private CodeScorer() {
        super(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(
            VectorSimilarityFunction similarity, KnnVectorValues values, float[] target) throws IOException {
        if (similarity == VectorSimilarityFunction.DOT_PRODUCT
                && values instanceof QuantizedByteVectorValues codes
                && codes.getScalarEncoding() == ENCODING
                && codes.getSlice() instanceof RandomAccessInput file) {
            return new DibitCodes(codes, file, target);
        }
        return super.getRandomVectorScorer(similarity, values, target);
    }
}
