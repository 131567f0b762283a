package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ManyTenantsContract;
import org.junit.jupiter.api.AfterEach;

/** The first two tenants through the graph of pgvector, the others through codes. */
class PgvectorManyTenantsTest extends ManyTenantsContract {
    private static final int GRAPH_FROM = 200;

    private final Pglite server;
    private final RagHome home;

    PgvectorManyTenantsTest() throws Exception {
        this.server = Pglite.start();
        this.home = RagHome.over(server.dataSource(), 1);
    }

    @Override
    protected ChunkStore open() {
        return home.store().vectors(SPACE).graphFrom(GRAPH_FROM).migrate();
    }

    @Override
    protected int[] large() {
        return new int[] {5 * GRAPH_FROM, 2 * GRAPH_FROM, GRAPH_FROM / 2};
    }

    @Override
    protected void asked(ChunkStore store, int vectors) {
        assertThat(((PostgresChunkStore) store).usesPgvector()).isTrue();
    }

    @Override
    protected int queries() {
        return 300;
    }

    @AfterEach
    void gone() throws Exception {
        home.close();
        server.close();
    }
}
