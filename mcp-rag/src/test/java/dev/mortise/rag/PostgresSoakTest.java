package dev.mortise.rag;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.postgres.RagHome;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

class PostgresSoakTest extends SoakContract {
    private final RagHome home = RagHome.postgres();

    @Override
    ChunkStore open(VectorSpace vectors) {
        return home.store().vectors(vectors).migrate();
    }

    @AfterEach
    void gone() throws SQLException {
        home.close();
    }
}
