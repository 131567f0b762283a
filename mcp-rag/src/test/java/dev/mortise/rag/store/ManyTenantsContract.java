package dev.mortise.rag.store;

import static org.assertj.core.api.Assertions.assertThat;

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
                List<ScoredChunk> hits = new ArrayList<>(
                        random.nextBoolean()
                                ? store.matching(tenant, text(random), filter, 20)
                                : store.nearest(tenant, Samples.vector(random, 8), filter, 20));
                for (ScoredChunk hit : hits) {
                    assertThat(hit.chunk().metadata()).containsEntry("owner", name(t));
                }
                found += hits.size();
            }
            assertThat(found).isGreaterThan(queries);
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
