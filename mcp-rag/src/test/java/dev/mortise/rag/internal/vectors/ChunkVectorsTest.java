package dev.mortise.rag.internal.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.apache.lucene.codecs.KnnVectorsFormat;
import org.apache.lucene.codecs.hnsw.HnswGraphProvider;
import org.apache.lucene.codecs.lucene104.Lucene104Codec;
import org.apache.lucene.codecs.perfield.PerFieldKnnVectorsFormat;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.CodecReader;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.search.AcceptDocs;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TopKnnCollector;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.util.VectorUtil;
import org.apache.lucene.util.hnsw.HnswGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkVectorsTest {
    private static final String FIELD = "v";

    private final Random random = new Random(20261123);

    /** Whether a code's bits fill bytes and words or not. */
    @ParameterizedTest
    @CsvSource({"8, 0.15", "33, 0.09", "100, 0.05", "192, 0.04", "384, 0.03", "765, 0.02"})
    void guessesScoresByCodesAndKnowsThemByWholeVectors(int dimensions, float error) throws IOException {
        float[][] vectors = vectors(500, dimensions);
        try (Directory directory = index(vectors, vectors.length);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            ChunkVectors values = values(reader);
            assertThat(values.dimension()).isEqualTo(dimensions);
            float[] query = unit(dimensions);
            int[] numbers = {0, 1, 17, 250, 499};
            float[] exact = new float[numbers.length];
            float bestExact = values.exact(query).bulkScore(numbers, exact, numbers.length);
            float best = 0;
            for (int i = 0; i < numbers.length; i++) {
                float cosine = VectorUtil.dotProduct(query, vectors[numbers[i]]);
                assertThat(exact[i]).isCloseTo((1 + cosine) / 2, within(1e-5f));
                best = Math.max(best, exact[i]);
            }
            assertThat(bestExact).isCloseTo(best, within(1e-6f));
            double square = 0;
            int[] all = new int[vectors.length];
            for (int i = 0; i < all.length; i++) {
                all[i] = i;
            }
            float[] guesses = new float[all.length];
            values.codes(query).bulkScore(all, guesses, all.length);
            for (int i = 0; i < all.length; i++) {
                double off = guesses[i] - (1 + VectorUtil.dotProduct(query, vectors[i])) / 2;
                square += off * off / all.length;
                assertThat(values.codes(query).score(i)).isEqualTo(guesses[i]);
            }
            assertThat(Math.sqrt(square)).isLessThan(error);
        }
    }

    /** Segments of one part each, merged into one: its codes and its graph are made anew. */
    @ParameterizedTest
    @ValueSource(ints = {6_000, 1_000})
    void findsAlongTheGraphWhatIsNearest(int part) throws IOException {
        int dimensions = 32;
        float[][] vectors = vectors(6_000, dimensions);
        try (Directory directory = index(vectors, part);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            LeafReader leaf = reader.leaves().getFirst().reader();
            assertThat(ChunkVectorsFormat.hasGraph(vectors.length)).isTrue();
            // Few in view: less than a hundredth of the segment is looked at.
            for (int beam : new int[] {4, 100}) {
                int found = 0;
                for (int q = 0; q < 100; q++) {
                    int wanted = random.nextInt(vectors.length);
                    TopKnnCollector collector = new TopKnnCollector(beam, Integer.MAX_VALUE);
                    leaf.searchNearestVectors(
                            FIELD, vectors[wanted], collector, AcceptDocs.fromLiveDocs(null, leaf.maxDoc()));
                    ScoreDoc[] hits = collector.topDocs().scoreDocs;
                    assertThat(hits).hasSize(beam);
                    found += hits[0].doc == wanted ? 1 : 0;
                }
                assertThat(found).isGreaterThan(beam == 4 ? 60 : 98);
            }
        }
    }

    /** However many parts there were: their graphs are as if there had been none. */
    @Test
    void makesTheGraphOfAForcedMergeAnew() throws IOException {
        float[][] vectors = vectors(12_000, 16);
        try (Directory one = index(vectors, vectors.length);
                Directory merged = index(vectors, vectors.length / 2);
                DirectoryReader ofOne = DirectoryReader.open(one);
                DirectoryReader ofMerged = DirectoryReader.open(merged)) {
            HnswGraph wanted = graph(ofOne);
            HnswGraph graph = graph(ofMerged);
            int same = 0;
            for (int node = 0; node < vectors.length; node++) {
                same += neighbours(graph, node).equals(neighbours(wanted, node)) ? 1 : 0;
            }
            assertThat(same).isGreaterThan(vectors.length * 99 / 100);
        }
    }

    private static HnswGraph graph(DirectoryReader reader) throws IOException {
        assertThat(reader.leaves()).hasSize(1);
        PerFieldKnnVectorsFormat.FieldsReader fields = (PerFieldKnnVectorsFormat.FieldsReader)
                ((CodecReader) reader.leaves().getFirst().reader()).getVectorReader();
        return ((HnswGraphProvider) fields.getFieldReader(FIELD)).getGraph(FIELD);
    }

    private static Set<Integer> neighbours(HnswGraph graph, int node) throws IOException {
        graph.seek(0, node);
        Set<Integer> neighbours = new HashSet<>();
        int next = graph.nextNeighbor();
        while (next != DocIdSetIterator.NO_MORE_DOCS) {
            neighbours.add(next);
            next = graph.nextNeighbor();
        }
        return neighbours;
    }

    @Test
    void checksItsFiles() throws IOException {
        try (Directory directory = index(vectors(50, 16), 10);
                DirectoryReader reader = DirectoryReader.open(directory)) {
            reader.leaves().getFirst().reader().checkIntegrity();
            assertThat(values(reader).size()).isEqualTo(50);
        }
    }

    private static ChunkVectors values(DirectoryReader reader) throws IOException {
        assertThat(reader.leaves()).hasSize(1);
        return (ChunkVectors) reader.leaves().getFirst().reader().getFloatVectorValues(FIELD);
    }

    private static Directory index(float[][] vectors, int part) throws IOException {
        Directory directory = new ByteBuffersDirectory();
        IndexWriterConfig configuration = new IndexWriterConfig(null);
        // Keeps the parts in their order.
        configuration.setMergePolicy(new LogDocMergePolicy());
        configuration.setCodec(new Lucene104Codec() {
            @Override
            public KnnVectorsFormat getKnnVectorsFormatForField(String field) {
                return new ChunkVectorsFormat();
            }
        });
        try (IndexWriter writer = new IndexWriter(directory, configuration)) {
            for (int i = 0; i < vectors.length; i++) {
                Document entry = new Document();
                entry.add(new KnnFloatVectorField(FIELD, vectors[i], VectorSimilarityFunction.DOT_PRODUCT));
                writer.addDocument(entry);
                if ((i + 1) % part == 0) {
                    writer.commit();
                }
            }
            writer.forceMerge(1);
        }
        return directory;
    }

    private float[][] vectors(int count, int dimensions) {
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++) {
            vectors[i] = unit(dimensions);
        }
        return vectors;
    }

    private float[] unit(int dimensions) {
        float[] vector = new float[dimensions];
        for (int d = 0; d < dimensions; d++) {
            vector[d] = (float) random.nextGaussian();
        }
        return VectorUtil.l2normalize(vector);
    }
}
