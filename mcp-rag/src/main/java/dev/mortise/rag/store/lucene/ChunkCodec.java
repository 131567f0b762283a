package dev.mortise.rag.store.lucene;

import org.apache.lucene.codecs.FilterCodec;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.lucene104.Lucene104HnswScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat.ScalarEncoding;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;

/** Lucene's own codec, with our choice of how vectors are kept. What it writes, any Lucene of this line can read. */
final class ChunkCodec extends FilterCodec {
    private static final KnnVectorsFormat VECTORS =
            new Lucene104HnswScalarQuantizedVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE, 16, 100);

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
