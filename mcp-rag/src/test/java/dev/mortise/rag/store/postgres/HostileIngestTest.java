package dev.mortise.rag.store.postgres;

import dev.mortise.rag.ingest.HostileIngestContract;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.VectorSpace;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

class HostileIngestTest extends HostileIngestContract {
    private final RagHome home = RagHome.postgres();

    @Override
    protected ChunkStore open(VectorSpace space) {
        return home.store().vectors(space).migrate();
    }

    @AfterEach
    void gone() throws SQLException {
        home.close();
    }
}
