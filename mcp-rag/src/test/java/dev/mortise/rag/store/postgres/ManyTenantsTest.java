package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ManyTenantsContract;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

class ManyTenantsTest extends ManyTenantsContract {
    private final RagHome home = RagHome.postgres();

    @Override
    protected ChunkStore open() {
        return home.store().vectors(SPACE).migrate();
    }

    /** More than are compared exactly, and fewer. */
    @Override
    protected int[] large() {
        return new int[] {VectorQuery.LEAST_CANDIDATES + 500, VectorQuery.LEAST_CANDIDATES - 500, 100};
    }

    /** There is but one way without pgvector, whose last step leaves out most of the first tenant's. */
    @Override
    protected void asked(ChunkStore store, int vectors) {
        assertThat(((PostgresChunkStore) store).usesPgvector()).isFalse();
    }

    @Override
    protected int queries() {
        return 300;
    }

    @AfterEach
    void gone() throws SQLException {
        home.close();
    }
}
