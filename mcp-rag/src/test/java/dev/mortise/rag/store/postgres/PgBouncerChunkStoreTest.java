package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ChunkStoreContract;
import dev.mortise.rag.store.Samples;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

/** What every store does, through a pooler that hands each transaction to whatever connection is free. */
class PgBouncerChunkStoreTest extends ChunkStoreContract {
    private final RagHome home = RagHome.pgBouncer();

    @Override
    protected ChunkStore open() {
        return home.store().vectors(Samples.SPACE).migrate();
    }

    @AfterEach
    void gone() throws SQLException {
        home.close();
    }
}
