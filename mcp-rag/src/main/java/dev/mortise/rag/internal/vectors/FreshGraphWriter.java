package dev.mortise.rag.internal.vectors;

import java.io.IOException;
import java.util.Map;
import org.apache.lucene.codecs.KnnFieldVectorsWriter;
import org.apache.lucene.codecs.KnnVectorsReader;
import org.apache.lucene.codecs.KnnVectorsWriter;
import org.apache.lucene.index.ByteVectorValues;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.MergeState;
import org.apache.lucene.index.SegmentWriteState;
import org.apache.lucene.index.Sorter;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.KnnCollector;
import org.apache.lucene.store.MergeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Makes the graph of a merge that somebody asked for, into one segment, from the vectors alone. Other merges go on from the
 * graphs there are, which is quicker; but a graph that went through many of them needs a wider walk for the same recall.
 */
final class FreshGraphWriter extends KnnVectorsWriter {
    private final KnnVectorsWriter writer;

    private FreshGraphWriter(KnnVectorsWriter writer) {
        this.writer = writer;
    }

    /** Around it if that is the merge it is for, and else itself. */
    static KnnVectorsWriter of(SegmentWriteState state, KnnVectorsWriter writer) {
        MergeInfo merge = state.context.mergeInfo();
        return merge != null && merge.mergeMaxNumSegments() == 1 ? new FreshGraphWriter(writer) : writer;
    }

    @Override
    public KnnFieldVectorsWriter<?> addField(FieldInfo field) throws IOException {
        return writer.addField(field);
    }

    @Override
    public void flush(int entries, Sorter.@Nullable DocMap order) throws IOException {
        writer.flush(entries, order);
    }

    @Override
    public void mergeOneField(FieldInfo field, MergeState state) throws IOException {
        KnnVectorsReader[] readers = new KnnVectorsReader[state.knnVectorsReaders.length];
        for (int i = 0; i < readers.length; i++) {
            KnnVectorsReader reader = state.knnVectorsReaders[i];
            readers[i] = reader == null ? null : new WithoutGraph(reader);
        }
        writer.mergeOneField(
                field,
                new MergeState(
                        state.docMaps,
                        state.segmentInfo,
                        state.mergeFieldInfos,
                        state.storedFieldsReaders,
                        state.termVectorsReaders,
                        state.normsProducers,
                        state.docValuesProducers,
                        state.fieldInfos,
                        state.liveDocs,
                        state.fieldsProducers,
                        state.pointsReaders,
                        readers,
                        state.maxDocs,
                        state.infoStream,
                        state.intraMergeTaskExecutor,
                        state.needsIndexSort));
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

    /** For a merge, which takes a graph only from readers that say that they have one. Closing is its owner's. */
    private static final class WithoutGraph extends KnnVectorsReader {
        private final KnnVectorsReader reader;

        WithoutGraph(KnnVectorsReader reader) {
            this.reader = reader;
        }

        @Override
        public void checkIntegrity() throws IOException {
            reader.checkIntegrity();
        }

        @Override
        public FloatVectorValues getFloatVectorValues(String field) throws IOException {
            return reader.getFloatVectorValues(field);
        }

        @Override
        public ByteVectorValues getByteVectorValues(String field) throws IOException {
            return reader.getByteVectorValues(field);
        }

        @Override
        public void search(String field, float[] target, KnnCollector collector, AcceptDocs accepted)
                throws IOException {
            reader.search(field, target, collector, accepted);
        }

        @Override
        public void search(String field, byte[] target, KnnCollector collector, AcceptDocs accepted)
                throws IOException {
            reader.search(field, target, collector, accepted);
        }

        @Override
        public Map<String, Long> getOffHeapByteSize(FieldInfo field) {
            return reader.getOffHeapByteSize(field);
        }

        @Override
        public void close() {
            // Not its own.
        }
    }
}
