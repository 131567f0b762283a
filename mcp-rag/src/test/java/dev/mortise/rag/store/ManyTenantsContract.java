package dev.mortise.rag.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.search.HybridSearcher;
import dev.mortise.rag.search.SearchHit;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.search.Searcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Fifty tenants with documents of the same names and words, three of which are so large that a store looks through their
 * chunks in other ways than through the others'; whatever one asks, nothing of another's comes. The profile {@code soak}
 * asks 100,000 times.
 */
public abstract class ManyTenantsContract {
    protected static final VectorSpace SPACE = new VectorSpace("many-tenants", 64);
    private static final int TENANTS = 50;
    private static final int LARGE = 3;
    private static final int CHUNKS_OF_DOCUMENT = 20;
    private static final String[] WORDS = {
        "pump", "valve", "pressure", "grease", "report", "secret", "配置", "日志", "timeToLive", "remote_write"
    };

    /** Empty, with the vectors of {@link #SPACE}. */
    protected abstract ChunkStore open();

    /** How many chunks the large tenants have; the others have 2 to 40. */
    protected abstract int[] large();

    /** Everything but the last documents of some tenants is in. */
    protected void filled(ChunkStore store) {}

    /** Checks in which ways it looked for vectors, which were asked for so many times. */
    protected abstract void asked(ChunkStore store, int vectors);

    /** How many queries are asked unless the system property {@code mortise.tenant.queries} says otherwise. */
    protected int queries() {
        return 1_500;
    }

    @Test
    void nothingLeaks() {
        Random random = new Random(20261122);
        int queries = Integer.getInteger("mortise.tenant.queries", queries());
        try (ChunkStore store = open()) {
            Searcher searcher =
                    HybridSearcher.over(store).model(new HashedTexts()).build();
            // The large ones among the others, as they come in life.
            for (int t = TENANTS - 1; t >= 0; t--) {
                fill(store, t, random);
            }
            filled(store);
            for (int t = 1; t < TENANTS; t += 2) {
                store.replace(tenant(t), document(t, 0, CHUNKS_OF_DOCUMENT, random));
            }
            int found = 0;
            int vectors = 0;
            for (int q = 0; q < queries; q++) {
                int t = random.nextInt(random.nextBoolean() ? LARGE : TENANTS);
                Filter filter = filter(random);
                List<Chunk> hits = switch (random.nextInt(4)) {
                    case 0 -> chunks(store.matching(tenant(t), text(random), filter, 20));
                    case 1 -> {
                        vectors++;
                        // As near to somebody else's documents as to its own.
                        float[] vector = vector(random.nextInt(TENANTS), random);
                        yield chunks(store.nearest(tenant(t), vector, filter, 20));
                    }
                    case 2 -> store.chunks(tenant(t), key(random.nextInt(4)));
                    // Both, and what is remembered of others' equal queries.
                    default -> {
                        vectors++;
                        SearchQuery query = SearchQuery.of(text(random)).withFilter(filter);
                        yield searcher.search(tenant(t), query).hits().stream()
                                .map(SearchHit::chunk)
                                .toList();
                    }
                };
                for (Chunk hit : hits) {
                    if (!name(t).equals(hit.metadata().get("owner"))) {
                        throw new AssertionError("Query " + q + " of " + name(t) + " found " + hit);
                    }
                }
                found += hits.size();
            }
            assertThat(found).isGreaterThan(queries);
            asked(store, vectors);
        }
    }

    private void fill(ChunkStore store, int tenant, Random random) {
        int chunks = tenant < LARGE ? large()[tenant] : 2 + tenant % 20 * 2;
        List<DocumentChunks> documents = new ArrayList<>();
        for (int d = 0; d * CHUNKS_OF_DOCUMENT < chunks; d++) {
            documents.add(document(tenant, d, Math.min(CHUNKS_OF_DOCUMENT, chunks - d * CHUNKS_OF_DOCUMENT), random));
        }
        store.replace(tenant(tenant), documents);
    }

    private static DocumentChunks document(int tenant, int number, int chunks, Random random) {
        DocumentRecord record = DocumentRecord.of(key(number))
                .title("About " + WORDS[number % WORDS.length])
                .metadata(Map.of("owner", name(tenant), "shelf", String.valueOf(number % 3)))
                .build();
        List<EmbeddedChunk> embedded = new ArrayList<>();
        for (int ordinal = 0; ordinal < chunks; ordinal++) {
            Chunk chunk = Chunk.of(record).ordinal(ordinal).text(text(random)).build();
            embedded.add(new EmbeddedChunk(chunk, vector(tenant, random)));
        }
        return new DocumentChunks(record, name(tenant), embedded);
    }

    private static DocumentKey key(int document) {
        return new DocumentKey("manual", "d" + document);
    }

    private static List<Chunk> chunks(List<ScoredChunk> hits) {
        return hits.stream().map(ScoredChunk::chunk).toList();
    }

    /** What a tenant writes about is somewhat alike. */
    private static float[] vector(int tenant, Random random) {
        float[] vector = Samples.vector(random, SPACE.dimensions());
        float[] centre = Samples.vector(new Random(tenant), SPACE.dimensions());
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] += 0.5f * centre[i];
            square += vector[i] * vector[i];
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(square);
        }
        return vector;
    }

    /** The model of {@link #SPACE}. */
    private static final class HashedTexts implements EmbeddingModel {
        @Override
        public String id() {
            return SPACE.model();
        }

        @Override
        public int dimensions() {
            return SPACE.dimensions();
        }

        @Override
        public List<float[]> embed(List<String> texts, Use use) {
            return texts.stream()
                    .map(text -> Samples.vector(new Random(text.hashCode()), SPACE.dimensions()))
                    .toList();
        }
    }

    private static Tenant tenant(int tenant) {
        return Tenant.of(name(tenant));
    }

    private static String name(int tenant) {
        return "tenant-" + tenant;
    }

    /** Now and then with a typing error. */
    private static String text(Random random) {
        return WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)] + " "
                + (random.nextInt(10) == 0 ? "presure" : WORDS[random.nextInt(WORDS.length)]);
    }

    /** Also those that ask for others' documents by name. */
    private static Filter filter(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Filter.where("owner", name(random.nextInt(TENANTS)));
            case 1 -> Filter.not(Filter.where("owner", name(random.nextInt(TENANTS))));
            case 2 -> Filter.anyOf(Filter.collection("manual"), Filter.not(Filter.collection("manual")));
            case 3 -> Filter.document(key(random.nextInt(8)));
            case 4 -> Filter.between("shelf", "1", null);
            default -> Filter.ALL;
        };
    }
}
