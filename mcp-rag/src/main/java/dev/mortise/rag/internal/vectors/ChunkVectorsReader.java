package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.hnsw.FlatVectorsReader;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.lucene99.Lucene99HnswVectorsReader;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.SegmentReadState;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.FixedBitSet;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.apache.lucene.util.hnsw.HnswGraphSearcher;
import org.apache.lucene.util.hnsw.NeighborQueue;

/**
 * Lucene's reader of graphs, but for how a walk over all of a segment notes where it has been: Lucene saves memory, which takes
 * a twelfth of the walk's time.
 */
final class ChunkVectorsReader extends KnnVectorsReader implements HnswGraphProvider {
    /** A set of bits for more takes longer to make than it saves. */
    private static final int MOST_BITS = 1 << 20;

    private final Lucene99HnswVectorsReader graphs;
    private final FlatVectorsReader vectors;
    private final int entries;

    /** @param vectors belongs to this one from now on */
    ChunkVectorsReader(SegmentReadState state, FlatVectorsReader vectors) throws IOException {
        this.graphs = new Lucene99HnswVectorsReader(state, vectors);
        this.vectors = vectors;
        this.entries = state.segmentInfo.maxDoc();
    }

    @Override
    public void search(String field, float[] target, KnnCollector collector, AcceptDocs accepted) throws IOException {
        HnswGraph graph = graphs.getGraph(field);
        Bits passing = accepted.bits();
        // Where each entry has a vector, and its number.
        if (graph.size() == entries && isLargeFor(collector.k())) {
            NeighborQueue candidates = new NeighborQueue(collector.k(), true);
            new HnswGraphSearcher(candidates, new FixedBitSet(entries))
                    .search(collector, vectors.getRandomVectorScorer(field, target), graph, passing);
        } else {
            graphs.search(field, target, collector, accepted);
        }
    }

    /** So that a walk sees a small part of it. In a smaller one, Lucene looks at all, or takes a set of bits, too. */
    private boolean isLargeFor(int wanted) {
        return entries <= MOST_BITS && Math.log(entries) * wanted < entries / 128.0;
    }

    @Override
    public void search(String field, byte[] target, KnnCollector collector, AcceptDocs accepted) throws IOException {
        graphs.search(field, target, collector, accepted);
    }

    @Override
    public HnswGraph getGraph(String field) throws IOException {
        return graphs.getGraph(field);
    }

    @Override
    public FloatVectorValues getFloatVectorValues(String field) throws IOException {
        return graphs.getFloatVectorValues(field);
    }

    @Override
    public ByteVectorValues getByteVectorValues(String field) throws IOException {
        return graphs.getByteVectorValues(field);
    }

    @Override
    public void checkIntegrity() throws IOException {
        graphs.checkIntegrity();
    }

    @Override
    public Map<String, Long> getOffHeapByteSize(FieldInfo field) {
        return graphs.getOffHeapByteSize(field);
    }

    @Override
    public void close() throws IOException {
        graphs.close();
    }
}
