package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ManyTenantsContract;

class ManyTenantsTest extends ManyTenantsContract {
    @Override
    protected ChunkStore open() {
        return LuceneChunkStore.inMemory(SPACE);
    }

    /** By {@link Plan}: for a walk among the others, for a scan, and for comparing each. */
    @Override
    protected int[] large() {
        return new int[] {12_000, 2_500, 300};
    }

    /** One segment for all of them, as it is after some time. What comes then has others of its own. */
    @Override
    protected void filled(ChunkStore store) {
        ((LuceneChunkStore) store).compact();
    }

    @Override
    protected void asked(ChunkStore store, int vectors) {
        PlanCounts plans = ((LuceneChunkStore) store).plans();
        for (Plan plan : Plan.values()) {
            assertThat(plans.of(plan)).as(plan.toString()).isGreaterThan(vectors / 50);
        }
    }
}
