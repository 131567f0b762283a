package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.codecs.hnsw.FlatVectorScorerUtil;
import org.apache.lucene.codecs.hnsw.FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99FlatVectorsFormat;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsWriter;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.index.SegmentWriteState;

/**
 * The vectors as they came, a code of two bits for each number, and a graph: all in the files that Lucene's own formats
 * write. What is ours is what each is for, and how codes are compared. The graph is made and walked by whole vectors. What a
 * filter lets pass is gone through by codes, the best of which are for the caller to compare exactly. See
 * docs/decisions/0122.
 *
 * <p>Public for Lucene, which makes one by the name that an index has in it.
 */
public final class ChunkVectorsFormat extends KnnVectorsFormat {
    static final String NAME = "MortiseVectors2";
    private static final int CONNECTIONS = 16;
    private static final int BEAM = 100;

    /** A segment gets a graph if it has more vectors than this times their natural logarithm, as Lucene counts. */
    private static final int GRAPH_FACTOR = 500;

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
        return FreshGraphWriter.of(
                state,
                new Lucene99HnswVectorsWriter(
                        state,
                        CONNECTIONS,
                        BEAM,
                        new ExactAndCodesWriter(state, EXACT.fieldsWriter(state)),
                        1,
                        null,
                        GRAPH_FACTOR));
    }

    @Override
    public KnnVectorsReader fieldsReader(SegmentReadState state) throws IOException {
        return new ChunkVectorsReader(state, new ExactAndCodesReader(state, EXACT.fieldsReader(state)));
    }

    @Override
    public int getMaxDimensions(String field) {
        return 4096;
    }
}
