package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat.ScalarEncoding;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsReader;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsWriter;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * The vectors as they came, a code of one byte for each number, and a graph: all in the files that Lucene's own formats
 * write. What is ours is what each is for, and how codes are compared. The graph is walked by whole vectors, and made by
 * codes. What a filter lets pass is gone through by codes, the best of which are for the caller to compare exactly. See
 * docs/decisions/0110.
 *
 * <p>Public for Lucene, which makes one by the name that an index has in it.
 */
public final class ChunkVectorsFormat extends KnnVectorsFormat {
    static final String NAME = "MortiseVectors1";
    static final ScalarEncoding ENCODING = ScalarEncoding.UNSIGNED_BYTE;
    private static final int CONNECTIONS = 16;
    private static final int BEAM = 100;

    /** A segment gets a graph if it has more vectors than this times their natural logarithm, as Lucene counts. */
    private static final int GRAPH_FACTOR = 500;

    private static final CodeScorer SCORER = new CodeScorer();
    private static final FlatVectorsFormat EXACT =
            new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

    public ChunkVectorsFormat() {
        super(NAME);
    }

    /** Whether a segment with so many vectors has a graph: from about 4,200 on. A smaller one is gone through as fast. */
    public static boolean hasGraph(int vectors) {
        return vectors > 1 && vectors > (int) (Math.log(vectors) * GRAPH_FACTOR);
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return new Lucene99HnswVectorsWriter(
                state,
                CONNECTIONS,
                BEAM,
                new Lucene104ScalarQuantizedVectorsWriter(state, ENCODING, EXACT.fieldsWriter(state), SCORER),
                1,
                null,
                GRAPH_FACTOR);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        FlatVectorsReader exact = EXACT.fieldsReader(state);
        FlatVectorsReader codes = new Lucene104ScalarQuantizedVectorsReader(state, exact, SCORER);
        return new Lucene99HnswVectorsReader(state, new ExactWalkReader(codes, exact));
    }

    @Override
    public int getMaxDimensions(String field) {
        return 4096;
    }
}
