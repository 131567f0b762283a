package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.apache.lucene.util.VectorUtil;

/** Chunks whose vectors lie in clusters, the same for the same seed, and the true neighbours of any vector among them. */
final class ClusteredChunks {
    static final int DIMENSIONS = 192;
    static final int PER_DOCUMENT = 10;
    private static final int CLUSTERS = 200;
    private static final double SPREAD = 0.6;

    /** One of those that were stored. */
    record Item(Tenant tenant, Chunk.Id id, int cluster, Map<String, String> metadata) {}

    private record Name(Tenant tenant, Chunk.Id id) {}

    private final Random random;
    private final List<float[]> centers = new ArrayList<>();
    private final Map<Item, float[]> vectors = new HashMap<>();
    private final Map<Name, float[]> byName = new HashMap<>();
    private int documents;

    ClusteredChunks(long seed) {
        this.random = new Random(seed);
        for (int c = 0; c < CLUSTERS; c++) {
            centers.add(gaussian());
        }
    }

    /** Some chunks have p1, p10 and p50, by chance; those of the first tenth of the clusters have "near", of the first half "side". */
    DocumentChunks document(Tenant tenant, int chunks) {
        DocumentRecord record =
                DocumentRecord.of(new DocumentKey("c", "d" + documents++)).build();
        List<EmbeddedChunk> embedded = new ArrayList<>();
        for (int i = 0; i < chunks; i++) {
            int cluster = random.nextInt(CLUSTERS);
            float[] vector = near(cluster);
            Map<String, String> metadata = new HashMap<>();
            for (int percent : new int[] {1, 10, 50}) {
                if (random.nextInt(100) < percent) {
                    metadata.put("p" + percent, "yes");
                }
            }
            if (cluster < CLUSTERS / 10) {
                metadata.put("near", "yes");
            }
            if (cluster < CLUSTERS / 2) {
                metadata.put("side", "yes");
            }
            Chunk chunk =
                    Chunk.of(record).ordinal(i).text("x").metadata(metadata).build();
            embedded.add(new EmbeddedChunk(chunk, vector));
            byName.put(new Name(tenant, chunk.id()), vector);
            vectors.put(new Item(tenant, chunk.id(), cluster, Map.copyOf(metadata)), vector);
        }
        return new DocumentChunks(record, "x", embedded);
    }

    void forget(Predicate<Item> gone) {
        vectors.keySet().removeIf(gone);
    }

    /** Near a cluster, as what is asked for mostly is. */
    float[] query() {
        return near(random.nextInt(CLUSTERS));
    }

    /** Near a cluster that is not on that side. */
    float[] queryAway() {
        return near(CLUSTERS / 2 + random.nextInt(CLUSTERS / 2));
    }

    private float[] near(int cluster) {
        float[] vector = gaussian();
        float[] center = centers.get(cluster);
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) (center[i] + SPREAD * vector[i]);
        }
        return VectorUtil.l2normalize(vector);
    }

    private float[] gaussian() {
        float[] vector = new float[DIMENSIONS];
        for (int i = 0; i < DIMENSIONS; i++) {
            vector[i] = (float) random.nextGaussian();
        }
        return vector;
    }

    float cosine(float[] query, Tenant tenant, Chunk.Id id) {
        float[] vector = byName.get(new Name(tenant, id));
        return vector == null ? Float.NaN : VectorUtil.dotProduct(query, vector);
    }

    /** By comparing all. */
    List<Chunk.Id> nearest(float[] query, int limit, Predicate<Item> passing) {
        record Scored(Chunk.Id id, float score) {}
        return vectors.entrySet().stream()
                .filter(entry -> passing.test(entry.getKey()))
                .map(entry -> new Scored(entry.getKey().id(), VectorUtil.dotProduct(query, entry.getValue())))
                .sorted(Comparator.comparingDouble(scored -> -scored.score()))
                .limit(limit)
                .map(Scored::id)
                .toList();
    }
}
