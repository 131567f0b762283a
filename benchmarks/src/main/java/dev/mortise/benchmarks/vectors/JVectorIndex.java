package dev.mortise.benchmarks.vectors;

import io.github.jbellis.jvector.disk.ReaderSupplier;
import io.github.jbellis.jvector.disk.ReaderSupplierFactory;
import io.github.jbellis.jvector.graph.GraphIndexBuilder;
import io.github.jbellis.jvector.graph.GraphSearcher;
import io.github.jbellis.jvector.graph.ImmutableGraphIndex;
import io.github.jbellis.jvector.graph.ListRandomAccessVectorValues;
import io.github.jbellis.jvector.graph.SearchResult;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndex;
import io.github.jbellis.jvector.graph.disk.OnDiskGraphIndexWriter;
import io.github.jbellis.jvector.graph.disk.feature.Feature;
import io.github.jbellis.jvector.graph.disk.feature.FeatureId;
import io.github.jbellis.jvector.graph.disk.feature.FusedPQ;
import io.github.jbellis.jvector.graph.disk.feature.InlineVectors;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.quantization.PQVectors;
import io.github.jbellis.jvector.quantization.ProductQuantization;
import io.github.jbellis.jvector.util.Bits;
import io.github.jbellis.jvector.vector.VectorSimilarityFunction;
import io.github.jbellis.jvector.vector.VectorizationProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;
import io.github.jbellis.jvector.vector.types.VectorTypeSupport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntFunction;
import org.apache.lucene.util.FixedBitSet;

/** JVector, with codes fused into the graph and whole vectors beside them for the last word. */
final class JVectorIndex implements VectorIndex {
    private static final VectorTypeSupport TYPES =
            VectorizationProvider.getInstance().getVectorTypeSupport();
    private static final VectorSimilarityFunction DOT = VectorSimilarityFunction.DOT_PRODUCT;
    private static final String FILE = "graph";
    private static final int CONNECTIONS = 32;
    private static final int BEAM = 100;
    private static final float OVERFLOW = 1.2f;
    private static final float ALPHA = 1.2f;

    /** Numbers of a vector that one byte of its code stands for. */
    private static final int PER_CODE = 8;

    private final Path file;
    private final ReaderSupplier readers;
    private final OnDiskGraphIndex graph;
    private final GraphSearcher searcher;
    private final Map<Share, Bits> filters = new EnumMap<>(Share.class);

    JVectorIndex(VectorData data, Path folder) throws IOException {
        this.file = folder.resolve(FILE);
        this.readers = ReaderSupplierFactory.open(file);
        this.graph = OnDiskGraphIndex.load(readers);
        this.searcher = new GraphSearcher(graph);
        Map<Share, FixedBitSet> passing = new EnumMap<>(Share.class);
        for (Share share : Share.values()) {
            passing.put(share, new FixedBitSet(data.size()));
        }
        for (int i = 0; i < data.size(); i++) {
            for (Share share : data.shares(i)) {
                Objects.requireNonNull(passing.get(share)).set(i);
            }
        }
        passing.forEach((share, set) -> filters.put(share, set::get));
        filters.put(Share.ALL, Bits.ALL);
    }

    /** On one thread, as the others are built. */
    static void build(VectorData data, Path folder) throws IOException {
        Files.createDirectories(folder);
        List<VectorFloat<?>> all = new ArrayList<>(data.size());
        for (int i = 0; i < data.size(); i++) {
            all.add(TYPES.createFloatVector(data.vector(i)));
        }
        ListRandomAccessVectorValues values = new ListRandomAccessVectorValues(all, data.dimensions());
        try (ForkJoinPool one = new ForkJoinPool(1);
                GraphIndexBuilder builder = GraphIndexBuilder.builder(
                                BuildScoreProvider.randomAccessScoreProvider(values, DOT),
                                data.dimensions(),
                                List.of(CONNECTIONS, CONNECTIONS))
                        .withBeamWidth(BEAM)
                        .withNeighborOverflow(OVERFLOW)
                        .withAlpha(ALPHA)
                        .withSimdExecutor(one)
                        .withParallelExecutor(one)
                        .build()) {
            ImmutableGraphIndex graph = builder.build(values);
            int codes = Math.max(1, data.dimensions() / PER_CODE);
            ProductQuantization quantization = ProductQuantization.compute(values, codes, 256, true, -1, one, one);
            PQVectors coded = quantization.encodeAll(values, one);
            try (OnDiskGraphIndexWriter writer = new OnDiskGraphIndexWriter.Builder(graph, folder.resolve(FILE))
                    .with(new InlineVectors(data.dimensions()))
                    .with(new FusedPQ(graph.maxDegree(), quantization))
                    .build()) {
                Map<FeatureId, IntFunction<Feature.State>> features = new EnumMap<>(FeatureId.class);
                ImmutableGraphIndex.View view = graph.getView();
                features.put(FeatureId.INLINE_VECTORS, node -> new InlineVectors.State(values.getVector(node)));
                features.put(FeatureId.FUSED_PQ, node -> new FusedPQ.State(view, coded, node));
                writer.write(features);
            }
        }
    }

    @Override
    public int[] search(float[] query, int beam, Share share) {
        VectorFloat<?> asked = TYPES.createFloatVector(query);
        ImmutableGraphIndex.ScoringView view = (ImmutableGraphIndex.ScoringView) searcher.getView();
        DefaultSearchScoreProvider scores = new DefaultSearchScoreProvider(
                view.approximateScoreFunctionFor(asked, DOT), view.rerankerFor(asked, DOT));
        Bits filter = Objects.requireNonNull(filters.get(share));
        SearchResult.NodeScore[] nodes =
                searcher.search(scores, Truth.NEAREST, beam, 0, 0, filter).getNodes();
        int[] found = new int[nodes.length];
        for (int i = 0; i < found.length; i++) {
            found[i] = nodes[i].node;
        }
        return found;
    }

    @Override
    public long bytes() throws IOException {
        return Files.size(file);
    }

    @Override
    public void close() throws IOException {
        searcher.close();
        graph.close();
        readers.close();
    }
}
