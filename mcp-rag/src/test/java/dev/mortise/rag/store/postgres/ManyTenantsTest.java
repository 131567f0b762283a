package dev.mortise.rag.store.postgres;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ManyTenantsContract;
import dev.mortise.rag.store.Samples;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;

class ManyTenantsTest extends ManyTenantsContract {
    private final RagHome home = RagHome.postgres();

    @Override
    protected ChunkStore open() {
        return home.store().vectors(Samples.SPACE).migrate();
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
