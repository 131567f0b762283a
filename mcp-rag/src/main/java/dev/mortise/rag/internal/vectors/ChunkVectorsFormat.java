package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat;
import org.apache.lucene.codecs.lucene104.Lucene104ScalarQuantizedVectorsFormat.ScalarEncoding;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * The vectors as they came, a code of one bit for each number, and a graph: all in the files that Lucene's own formats
 * write. Read differently: the graph is walked by the exact vectors, which is the fastest walk; the codes are for going
 * through the few that a filter lets pass. See docs/decisions/0071.
 *
 * <p>Public for Lucene, which makes one by the name that an index has in it.
 */
public final class ChunkVectorsFormat extends KnnVectorsFormat {
    static final String NAME = "MortiseVectors1";
    private static final int CONNECTIONS = 16;
    private static final int BEAM = 100;

    /** A smaller segment gets no graph: going through it is as fast, and writing it faster. */
    private static final int SMALLEST_GRAPH = 10_000;

    private static final FlatVectorsFormat CODES =
            new Lucene104ScalarQuantizedVectorsFormat(ScalarEncoding.SINGLE_BIT_QUERY_NIBBLE);
    private static final FlatVectorsFormat EXACT =
            new Lucene99FlatVectorsFormat(FlatVectorScorerUtil.getLucene99FlatVectorsScorer());

    public ChunkVectorsFormat() {
        super(NAME);
    }

    @Override
    public KnnVectorsWriter fieldsWriter(SegmentWriteState state) throws IOException {
        return new Lucene99HnswVectorsWriter(
                state, CONNECTIONS, BEAM, CODES.fieldsWriter(state), 1, null, SMALLEST_GRAPH);
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return new Lucene99HnswVectorsReader(
                state, new ExactWalkReader(CODES.fieldsReader(state), EXACT.fieldsReader(state)));
    }

    @Override
    public int getMaxDimensions(String field) {
        return 4096;
    }
}
