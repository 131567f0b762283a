package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ChunkStoreContract;
import dev.mortise.rag.store.Samples;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

/** What every store does, in a real PostgreSQL without pgvector. */
class PostgresChunkStoreTest extends ChunkStoreContract {
    private final RagHome home = RagHome.postgres();

    @Override
    protected ChunkStore open() {
        return home.store().vectors(Samples.SPACE).migrate();
    }

    @AfterEach
    void gone() throws SQLException {
        home.close();
    }
}
