package dev.mortise.rag.store.lucene;

import dev.mortise.rag.internal.vectors.ChunkVectorsFormat;
import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;

/** Lucene's own codec, but for how vectors are kept. */
final class ChunkCodec extends FilterCodec {
    private static final KnnVectorsFormat VECTORS = new ChunkVectorsFormat();

    private final KnnVectorsFormat perField = new PerFieldKnnVectorsFormat() {
        @Override
        public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
            return VECTORS;
        }
    };

    ChunkCodec() {
        super("Lucene104", new Lucene104Codec());
    }

    @Override
    public KnnVectorsFormat knnVectorsFormat() {
        return perField;
    }
}
