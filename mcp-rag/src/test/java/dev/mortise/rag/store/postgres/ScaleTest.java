package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One tenant with many chunks: nearly all that is nearest is found without pgvector, and what it takes is printed. The
 * system properties {@code mortise.scale.chunks} and {@code mortise.scale.dimensions} make it larger.
 */
class ScaleTest {
    private static final Tenant ACME = Tenant.of("acme");
    private static final int CHUNKS = Integer.getInteger("mortise.scale.chunks", 3_000);
    private static final int DIMENSIONS = Integer.getInteger("mortise.scale.dimensions", 64);
    private static final int PER_DOCUMENT = 10;
    private static final int AT_ONCE = 50;
    private static final int CLUSTERS = 100;
    private static final int QUERIES = 20;

    private final RagHome home = RagHome.postgres();
    private final Random random = new Random(20261122);
    private final float[][] centres = IntStream.range(0, CLUSTERS)
            .mapToObj(i -> Samples.vector(random, DIMENSIONS))
            .toArray(float[][]::new);
    private final float[][] vectors = new float[CHUNKS][];

    @AfterEach
    void gone() throws Exception {
        home.close();
    }

    @Test
    void findsWhatIsNearest() throws Exception {
        try (PostgresChunkStore store =
                home.store().vectors(new VectorSpace("scale", DIMENSIONS)).migrate()) {
            long begin = System.nanoTime();
            for (int chunk = 0; chunk < CHUNKS; ) {
                List<DocumentChunks> batch = new ArrayList<>();
                for (int d = 0; d < AT_ONCE && chunk < CHUNKS; d++, chunk += PER_DOCUMENT) {
                    batch.add(document(chunk, Math.min(CHUNKS, chunk + PER_DOCUMENT)));
                }
                store.replace(ACME, batch);
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            System.out.printf(
                    "%d chunks, %d dimensions: %.0f chunks/s in, %d bytes each%n",
                    CHUNKS, DIMENSIONS, CHUNKS / seconds, store.sizeOnDisk() / CHUNKS);
            store.nearest(ACME, vectors[0], Filter.ALL, 10);

            int found = 0;
            List<Double> byVectors = new ArrayList<>();
            for (int q = 0; q < QUERIES; q++) {
                float[] query = clustered();
                List<String> expected = exact(query);
                List<ScoredChunk> hits = timed(byVectors, () -> store.nearest(ACME, query, Filter.ALL, 10));
                found += (int) hits.stream()
                        .filter(hit -> expected.contains(hit.chunk().headings().getFirst()))
                        .count();
            }
            print("by vectors", byVectors);
            List<Double> filtered = new ArrayList<>();
            List<Double> rare = new ArrayList<>();
            List<Double> common = new ArrayList<>();
            for (int q = 0; q < QUERIES; q++) {
                timed(filtered, () -> store.nearest(ACME, clustered(), Filter.where("tenth", "3"), 50));
                timed(rare, () -> store.matching(ACME, text(4), Filter.ALL, 50));
                timed(common, () -> store.matching(ACME, "the w0 of w1 and w2 to w3 " + text(6), Filter.ALL, 50));
            }
            print("by vectors, a tenth passes", filtered);
            print("by words", rare);
            print("by words that are everywhere", common);
            System.out.printf("recall@10 %.3f%n", found / (10.0 * QUERIES));
            assertThat(found).isGreaterThanOrEqualTo(10 * QUERIES * 97 / 100);
        }
    }

    private static void print(String what, List<Double> took) {
        took.sort(Comparator.naturalOrder());
        System.out.printf(
                "%s: median %.1f ms, worst of %d %.1f ms%n",
                what, took.get(took.size() / 2), took.size(), took.getLast());
    }

    /** A search. */
    private interface Search {
        List<ScoredChunk> run();
    }

    private static List<ScoredChunk> timed(List<Double> took, Search search) {
        long begin = System.nanoTime();
        List<ScoredChunk> hits = search.run();
        took.add((System.nanoTime() - begin) / 1e6);
        return hits;
    }

    private List<String> exact(float[] query) {
        double[] scores = new double[CHUNKS];
        for (int i = 0; i < CHUNKS; i++) {
            for (int d = 0; d < DIMENSIONS; d++) {
                scores[i] += vectors[i][d] * query[d];
            }
        }
        return IntStream.range(0, CHUNKS)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -scores[i]))
                .limit(10)
                .map(String::valueOf)
                .toList();
    }

    private DocumentChunks document(int from, int to) {
        DocumentRecord record = DocumentRecord.of(Samples.key("d" + from))
                .title(text(3))
                .metadata(Map.of("tenth", String.valueOf(from / PER_DOCUMENT % 10)))
                .build();
        List<EmbeddedChunk> chunks = new ArrayList<>();
        for (int i = from; i < to; i++) {
            vectors[i] = clustered();
            Chunk chunk = Chunk.of(record)
                    .ordinal(i - from)
                    .headings(List.of(String.valueOf(i)))
                    .text(text(120))
                    .build();
            chunks.add(new EmbeddedChunk(chunk, vectors[i]));
        }
        return new DocumentChunks(record, "", chunks);
    }

    private float[] clustered() {
        float[] centre = centres[random.nextInt(CLUSTERS)];
        float[] around = Samples.vector(random, DIMENSIONS);
        double square = 0;
        for (int i = 0; i < DIMENSIONS; i++) {
            around[i] = centre[i] + 0.8f * around[i];
            square += around[i] * around[i];
        }
        for (int i = 0; i < DIMENSIONS; i++) {
            around[i] /= (float) Math.sqrt(square);
        }
        return around;
    }

    /** Words as common as in a language: the n-th stands once where the first stands n times. */
    private String text(int words) {
        String[] text = new String[words];
        Arrays.setAll(text, i -> "w" + (int) (Math.pow(20_000, random.nextDouble()) - 1));
        return String.join(" ", text);
    }
}
