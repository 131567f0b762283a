package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ChunkStoreContract;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.Tenant;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every store does, in a real PostgreSQL without pgvector. */
class PostgresChunkStoreTest extends ChunkStoreContract {
    private final RagHome home = RagHome.postgres();

    @Override
    protected ChunkStore open() {
        return home.store().vectors(Samples.SPACE).migrate();
    }

    /** What a step of the query gives is compared with nothing else that a step gives: that would grow with its square. */
    @Test
    void plansASearchByWordsByIndexesAndHashes() throws Exception {
        try (ChunkStore store = open()) {
            store.replace(Tenant.of("acme"), Samples.document(Samples.key("a"), "alpha", "beta"));
        }
        String plan = home.plan(
                "SET LOCAL enable_seqscan = off; ",
                new LexicalQuery(home.tables(), Tenant.of("acme"), Filter.ALL)
                        .query(Map.of("alpha", 1f), new LexicalQuery.Sizes(1, 2, 2, 2), 10));
        assertThat(plan)
                .contains("Index Cond: ((tenant = ", "(term = q.term)", "hashed SubPlan")
                .doesNotContain("Semi Join", "Hash Join", "Merge Join", "Join Filter", "Seq Scan");
    }

    @AfterEach
    void gone() throws SQLException {
        home.close();
    }
}
