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
 * Fifty tenants with documents of the same names and words; whatever one asks, nothing of another's comes. The profile
 * {@code soak} asks 100,000 times.
 */
public abstract class ManyTenantsContract {
    private static final int TENANTS = 50;
    private static final int DOCUMENTS = 8;
    private static final String[] WORDS = {
        "pump", "valve", "pressure", "grease", "report", "secret", "配置", "日志", "timeToLive", "remote_write"
    };

    /** Empty, with the vectors of {@link Samples#SPACE}. */
    protected abstract ChunkStore open();

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
            for (int t = 0; t < TENANTS; t++) {
                List<DocumentChunks> documents = new ArrayList<>();
                for (int d = 0; d < DOCUMENTS; d++) {
                    documents.add(Samples.document(
                            Samples.key("d" + d),
                            1,
                            Map.of("owner", name(t), "shelf", String.valueOf(d % 3)),
                            text(random),
                            text(random)));
                }
                store.replace(Tenant.of(name(t)), documents);
            }
            int found = 0;
            for (int q = 0; q < queries; q++) {
                int t = random.nextInt(TENANTS);
                Tenant tenant = Tenant.of(name(t));
                Filter filter = filter(random);
                List<Chunk> hits = switch (random.nextInt(3)) {
                    case 0 -> chunks(store.matching(tenant, text(random), filter, 20));
                    case 1 -> chunks(store.nearest(tenant, Samples.vector(random, 8), filter, 20));
                    // Both, and what is remembered of others' equal queries.
                    default ->
                        searcher.search(tenant, SearchQuery.of(text(random)).withFilter(filter)).hits().stream()
                                .map(SearchHit::chunk)
                                .toList();
                };
                for (Chunk hit : hits) {
                    assertThat(hit.metadata()).containsEntry("owner", name(t));
                }
                found += hits.size();
            }
            assertThat(found).isGreaterThan(queries);
        }
    }

    private static List<Chunk> chunks(List<ScoredChunk> hits) {
        return hits.stream().map(ScoredChunk::chunk).toList();
    }

    /** The model of {@link Samples#SPACE}. */
    private static final class HashedTexts implements EmbeddingModel {
        @Override
        public String id() {
            return Samples.SPACE.model();
        }

        @Override
        public int dimensions() {
            return Samples.SPACE.dimensions();
        }

        @Override
        public List<float[]> embed(List<String> texts, Use use) {
            return texts.stream().map(text -> Samples.vector(text.hashCode())).toList();
        }
    }

    private static String name(int tenant) {
        return "tenant-" + tenant;
    }

    private static String text(Random random) {
        return WORDS[random.nextInt(WORDS.length)] + " " + WORDS[random.nextInt(WORDS.length)] + " "
                + WORDS[random.nextInt(WORDS.length)];
    }

    /** Also those that ask for others' documents by name. */
    private static Filter filter(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> Filter.where("owner", name(random.nextInt(TENANTS)));
            case 1 -> Filter.not(Filter.where("owner", name(random.nextInt(TENANTS))));
            case 2 -> Filter.anyOf(Filter.collection("manual"), Filter.not(Filter.collection("manual")));
            case 3 -> Filter.document(new DocumentKey("manual", "d" + random.nextInt(DOCUMENTS)));
            case 4 -> Filter.between("shelf", "1", null);
            default -> Filter.ALL;
        };
    }
}
