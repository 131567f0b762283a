package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorScorer;
import org.apache.lucene.codecs.lucene104.QuantizedByteVectorValues;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.RandomAccessInput;
import org.apache.lucene.util.hnsw.RandomVectorScorer;
import org.apache.lucene.util.hnsw.RandomVectorScorerSupplier;
import org.apache.lucene.util.hnsw.UpdateableRandomVectorScorer;

/** Scores as Lucene's own scorer of codes does, to the bit or nearly so, but a batch of codes at a time. */
final class CodeScorer extends Lucene104ScalarQuantizedVectorScorer {
    CodeScorer() {
        super(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());
    }

    private static boolean canBeBatched(VectorSimilarityFunction similarity, QuantizedByteVectorValues codes) {
        return similarity == VectorSimilarityFunction.DOT_PRODUCT
                && codes.getScalarEncoding() == ChunkVectorsFormat.ENCODING
                && codes.getSlice() instanceof RandomAccessInput;
    }

    @Override
    public RandomVectorScorer getRandomVectorScorer(
            VectorSimilarityFunction similarity, KnnVectorValues values, float[] target) throws IOException {
        if (values instanceof QuantizedByteVectorValues codes && canBeBatched(similarity, codes)) {
            CodeBatch batch = new CodeBatch(codes);
            return new Scorer(codes, batch, batch.encode(target));
        }
        return super.getRandomVectorScorer(similarity, values, target);
    }

    @Override
    public RandomVectorScorerSupplier getRandomVectorScorerSupplier(
            VectorSimilarityFunction similarity, KnnVectorValues values) throws IOException {
        if (values instanceof QuantizedByteVectorValues codes && canBeBatched(similarity, codes)) {
            return new Supplier(codes);
        }
        return super.getRandomVectorScorerSupplier(similarity, values);
    }

    /** For the making of a graph, where codes are compared with each other. */
    private record Supplier(QuantizedByteVectorValues codes) implements RandomVectorScorerSupplier {
        @Override
        public UpdateableRandomVectorScorer scorer() throws IOException {
            QuantizedByteVectorValues own = codes.copy();
            CodeBatch batch = new CodeBatch(own);
            return new Scorer(own, batch, batch.stored(0));
        }

        @Override
        public RandomVectorScorerSupplier copy() throws IOException {
            return new Supplier(codes.copy());
        }
    }

    private static final class Scorer extends UpdateableRandomVectorScorer.AbstractUpdateableRandomVectorScorer {
        private final CodeBatch batch;
        private final int[] one = new int[1];
        private final float[] score = new float[1];
        private CodeBatch.Target target;

        Scorer(KnnVectorValues values, CodeBatch batch, CodeBatch.Target target) {
            super(values);
            this.batch = batch;
            this.target = target;
        }

        @Override
        public void setScoringOrdinal(int ordinal) throws IOException {
            target = batch.stored(ordinal);
        }

        @Override
        public float score(int ordinal) throws IOException {
            one[0] = ordinal;
            return batch.score(target, one, score, 1);
        }

        @Override
        public float bulkScore(int[] ordinals, float[] scores, int count) throws IOException {
            return batch.score(target, ordinals, scores, count);
        }
    }
}
