package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** What a search finds, next to what comparing everything finds; and that it went the way it was meant to. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorSearchTest {
    private static final VectorSpace SPACE = new VectorSpace("clusters", ClusteredChunks.DIMENSIONS);
    private static final Tenant BIG = Tenant.of("big");
    private static final int DOCUMENTS = 2_000;
    private static final int TINY_TENANTS = 30;
    private static final int QUERIES = 100;
    private static final int LIMIT = 10;
    private static final int NARROW = 20;
    private static final int WIDE = 64;

    private final ClusteredChunks chunks = new ClusteredChunks(20261123);
    private final LuceneChunkStore store = LuceneChunkStore.inMemory(SPACE);

    /** One segment of 20,000 chunks, and behind it, small ones with the tenants that have but a few. */
    @BeforeAll
    void fill() {
        List<DocumentChunks> batch = new ArrayList<>();
        for (int d = 1; d <= DOCUMENTS; d++) {
            batch.add(chunks.document(BIG, ClusteredChunks.PER_DOCUMENT));
            if (batch.size() == DOCUMENTS / 4) {
                store.replace(BIG, batch);
                batch.clear();
            }
        }
        store.compact();
        for (int t = 0; t < TINY_TENANTS; t++) {
            store.replace(tiny(t), chunks.document(tiny(t), 1 + t));
        }
    }

    @AfterAll
    void close() {
        store.close();
    }

    private static Tenant tiny(int t) {
        return Tenant.of("tiny-" + t);
    }

    @Test
    void walksTheGraphWhereEverythingPasses() {
        long walks = store.plans().of(Plan.WALK);
        assertThat(recall(Filter.ALL, item -> true)).isGreaterThan(0.97);
        assertThat(store.plans().of(Plan.WALK) - walks).isGreaterThanOrEqualTo(QUERIES);
    }

    @Test
    void walksTheGraphWhereHalfPassesByChance() {
        try {
            store.beam(NARROW);
            long walks = store.plans().of(Plan.WALK);
            long scans = store.plans().of(Plan.SCAN);
            assertThat(recall(
                            Filter.where("p50", "yes"), item -> item.metadata().containsKey("p50")))
                    .isGreaterThan(0.9);
            assertThat(store.plans().of(Plan.WALK) - walks).isGreaterThanOrEqualTo(QUERIES);
            assertThat(store.plans().of(Plan.SCAN) - scans).isLessThan(QUERIES / 10);
        } finally {
            store.beam(WIDE);
        }
    }

    /** With as many that pass: that a walk leads nowhere is only known on the way. */
    @Test
    void turnsBackWhereTheHalfThatPassesLiesElsewhere() {
        try {
            store.beam(NARROW);
            long walks = store.plans().of(Plan.WALK);
            long scans = store.plans().of(Plan.SCAN);
            assertThat(recall(
                            store,
                            chunks,
                            chunks::queryAway,
                            Filter.where("side", "yes"),
                            item -> item.metadata().containsKey("side")))
                    .isGreaterThan(0.98);
            assertThat(store.plans().of(Plan.WALK) - walks).isGreaterThanOrEqualTo(QUERIES);
            assertThat(store.plans().of(Plan.SCAN) - scans).isGreaterThan(QUERIES / 2);
        } finally {
            store.beam(WIDE);
        }
    }

    @Test
    void goesThroughTheFewThatAFilterLetsPass() {
        long walks = store.plans().of(Plan.WALK);
        for (String name : List.of("p1", "p10", "near")) {
            Plan plan = name.equals("p1") ? Plan.EXACT : Plan.SCAN;
            long before = store.plans().of(plan);
            assertThat(recall(Filter.where(name, "yes"), item -> item.metadata().containsKey(name)))
                    .describedAs(name)
                    .isGreaterThan(0.999);
            assertThat(store.plans().of(plan) - before).isGreaterThanOrEqualTo(QUERIES);
        }
        assertThat(store.plans().of(Plan.WALK)).isEqualTo(walks);
    }

    @Test
    void findsAllOfThemInTheirOrderWhereTheyAreFewerThanWanted() {
        Filter few = Filter.allOf(Filter.where("p1", "yes"), Filter.where("near", "yes"));
        Predicate<ClusteredChunks.Item> passing =
                item -> item.metadata().containsKey("p1") && item.metadata().containsKey("near");
        float[] query = chunks.query();
        List<Chunk.Id> nearest = chunks.nearest(query, 1000, of(BIG, passing));
        assertThat(nearest).hasSizeBetween(5, 60);
        assertThat(ids(store.nearest(BIG, query, few, 1000))).isEqualTo(nearest);
    }

    @Test
    void comparesAllOfASmallTenantExactly() {
        long before = store.plans().of(Plan.EXACT);
        for (int t = 0; t < TINY_TENANTS; t++) {
            Tenant tenant = tiny(t);
            float[] query = chunks.query();
            List<ScoredChunk> hits = store.nearest(tenant, query, Filter.ALL, 50);
            assertThat(ids(hits)).isEqualTo(chunks.nearest(query, 50, of(tenant, item -> true)));
            assertThat(hits).hasSize(1 + t);
        }
        assertThat(store.plans().of(Plan.EXACT) - before).isGreaterThanOrEqualTo(TINY_TENANTS);
        assertThat(store.nearest(Tenant.of("none"), chunks.query(), Filter.ALL, 5))
                .isEmpty();
    }

    @Test
    void findsNothingThatWasDeletedAndAllThatWasNot() {
        ClusteredChunks mine = new ClusteredChunks(7);
        try (LuceneChunkStore own = LuceneChunkStore.inMemory(SPACE)) {
            List<DocumentChunks> documents = new ArrayList<>();
            for (int d = 0; d < 600; d++) {
                documents.add(mine.document(BIG, ClusteredChunks.PER_DOCUMENT));
            }
            own.replace(BIG, documents);
            own.compact();
            // Fewer than what makes a merge worth while: they stay in the segment, marked as deleted.
            for (DocumentChunks document : documents.subList(0, 100)) {
                assertThat(own.delete(BIG, document.document().key())).isTrue();
                mine.forget(
                        item -> item.id().document().equals(document.document().key()));
            }
            long walks = own.plans().of(Plan.WALK);
            assertThat(recall(own, mine, Filter.ALL, item -> true)).isGreaterThan(0.97);
            assertThat(own.plans().of(Plan.WALK) - walks).isGreaterThanOrEqualTo(QUERIES);
            assertThat(recall(
                            own,
                            mine,
                            Filter.where("p10", "yes"),
                            item -> item.metadata().containsKey("p10")))
                    .isGreaterThan(0.999);
        }
    }

    /** However many segments there are just now: the merges choose. */
    @Test
    void findsInAllSegmentsAlike() {
        ClusteredChunks mine = new ClusteredChunks(11);
        try (LuceneChunkStore own = LuceneChunkStore.inMemory(SPACE)) {
            for (int part = 0; part < 12; part++) {
                List<DocumentChunks> documents = new ArrayList<>();
                for (int d = 0; d < 30 * (1 + part % 3); d++) {
                    documents.add(mine.document(BIG, ClusteredChunks.PER_DOCUMENT));
                }
                own.replace(BIG, documents);
                assertThat(recall(own, mine, Filter.ALL, item -> true)).isGreaterThan(0.97);
            }
        }
    }

    @Test
    void findsMoreWithAWiderBeam() {
        try {
            store.beam(10);
            double narrow = recall(Filter.ALL, item -> true);
            store.beam(400);
            assertThat(recall(Filter.ALL, item -> true)).isGreaterThan(narrow).isGreaterThan(0.995);
        } finally {
            store.beam(WIDE);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> store.beam(9));
        assertThatIllegalArgumentException().isThrownBy(() -> store.beam(10_001));
    }

    private double recall(Filter filter, Predicate<ClusteredChunks.Item> passing) {
        return recall(store, chunks, filter, passing);
    }

    /** The share of the nearest that was found; every score has to be the cosine, and the order that of the scores. */
    private static double recall(
            LuceneChunkStore store, ClusteredChunks chunks, Filter filter, Predicate<ClusteredChunks.Item> passing) {
        return recall(store, chunks, chunks::query, filter, passing);
    }

    private static double recall(
            LuceneChunkStore store,
            ClusteredChunks chunks,
            Supplier<float[]> queries,
            Filter filter,
            Predicate<ClusteredChunks.Item> passing) {
        int found = 0;
        for (int q = 0; q < QUERIES; q++) {
            float[] query = queries.get();
            List<Chunk.Id> nearest = chunks.nearest(query, LIMIT, of(BIG, passing));
            List<ScoredChunk> hits = store.nearest(BIG, query, filter, LIMIT);
            assertThat(hits).hasSameSizeAs(nearest);
            for (int i = 0; i < hits.size(); i++) {
                assertThat(hits.get(i).score())
                        .isCloseTo(chunks.cosine(query, BIG, hits.get(i).chunk().id()), within(1e-5f));
                assertThat(i == 0 || hits.get(i - 1).score() >= hits.get(i).score())
                        .isTrue();
            }
            found += (int) ids(hits).stream().filter(nearest::contains).count();
        }
        return found / (double) (QUERIES * LIMIT);
    }

    private static Predicate<ClusteredChunks.Item> of(Tenant tenant, Predicate<ClusteredChunks.Item> passing) {
        return item -> item.tenant().equals(tenant) && passing.test(item);
    }

    private static List<Chunk.Id> ids(List<ScoredChunk> hits) {
        return hits.stream().map(hit -> hit.chunk().id()).toList();
    }
}
