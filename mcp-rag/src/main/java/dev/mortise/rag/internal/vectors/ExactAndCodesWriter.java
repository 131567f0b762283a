package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.hnsw.FlatFieldVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorsWriter;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsWriter;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.util.IOUtils;
import org.apache.lucene.util.hnsw.CloseableRandomVectorScorerSupplier;
import org.jspecify.annotations.Nullable;

/** Writes whole vectors and, by Lucene's writer, codes; graphs are made by the whole vectors, where Lucene would take codes. */
final class ExactAndCodesWriter extends FlatVectorsWriter {
    private final Exact exact;
    private final FlatVectorsWriter codes;

    /** @param exact belongs to this one from now on */
    ExactAndCodesWriter(SegmentWriteState state, FlatVectorsWriter exact) throws IOException {
        super(exact.getFlatVectorScorer());
        this.exact = new Exact(exact);
        this.codes =
                new Lucene104ScalarQuantizedVectorsWriter(state, CodeScorer.ENCODING, this.exact, CodeScorer.SCORER);
    }

    @Override
    public FlatFieldVectorsWriter<?> addField(FieldInfo field) throws IOException {
        return codes.addField(field);
    }

    @Override
    public void flush(int entries, Sorter.@Nullable DocMap order) throws IOException {
        codes.flush(entries, order);
    }

    @Override
    public CloseableRandomVectorScorerSupplier mergeOneFieldToIndex(FieldInfo field, MergeState state)
            throws IOException {
        try {
            codes.mergeOneField(field, state);
            return exact.taken();
        } catch (Throwable e) {
            exact.discard();
            throw e;
        }
    }

    @Override
    public void mergeOneField(FieldInfo field, MergeState state) throws IOException {
        mergeOneFieldToIndex(field, state).close();
    }

    @Override
    public void finish() throws IOException {
        codes.finish();
    }

    @Override
    public long ramBytesUsed() {
        return codes.ramBytesUsed();
    }

    @Override
    public void close() throws IOException {
        codes.close();
    }

    /** Keeps what compares the vectors of a merge, which the writer of codes would not ask for. */
    private static final class Exact extends FlatVectorsWriter {
        private final FlatVectorsWriter writer;
        private @Nullable CloseableRandomVectorScorerSupplier merged;

        Exact(FlatVectorsWriter writer) {
            super(writer.getFlatVectorScorer());
            this.writer = writer;
        }

        CloseableRandomVectorScorerSupplier taken() {
            CloseableRandomVectorScorerSupplier supplier = merged;
            if (supplier == null) {
                throw new IllegalStateException("No vectors were merged");
            }
            merged = null;
            return supplier;
        }

        void discard() {
            IOUtils.closeWhileHandlingException(merged);
            merged = null;
        }

        @Override
        public FlatFieldVectorsWriter<?> addField(FieldInfo field) throws IOException {
            return writer.addField(field);
        }

        @Override
        public void flush(int entries, Sorter.@Nullable DocMap order) throws IOException {
            writer.flush(entries, order);
        }

        @Override
        public void mergeOneField(FieldInfo field, MergeState state) throws IOException {
            merged = writer.mergeOneFieldToIndex(field, state);
        }

        @Override
        public CloseableRandomVectorScorerSupplier mergeOneFieldToIndex(FieldInfo field, MergeState state)
                throws IOException {
            return writer.mergeOneFieldToIndex(field, state);
        }

        @Override
        public void finish() throws IOException {
            writer.finish();
        }

        @Override
        public long ramBytesUsed() {
            return writer.ramBytesUsed();
        }

        @Override
        public void close() throws IOException {
            writer.close();
        }
    }
}
