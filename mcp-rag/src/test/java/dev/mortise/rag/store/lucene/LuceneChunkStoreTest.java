package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ChunkStoreContract;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.VectorSpace;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneChunkStoreTest extends ChunkStoreContract {
    @TempDir
    Path folder;

    @Override
    protected ChunkStore open() {
        return LuceneChunkStore.in(folder, Samples.SPACE);
    }

    @Test
    void findsDespiteTypingErrors() {
        store.replace(ACME, Samples.document(Samples.key("config"), "The configuration of the scheduler."));
        store.replace(ACME, Samples.document(Samples.key("other"), "Something else entirely."));

        assertThat(found(ACME, "confguration", Filter.ALL)).containsExactly("config");
        assertThat(found(ACME, "shceduler", Filter.ALL)).containsExactly("config");
        assertThat(found(ACME, "cat", Filter.ALL)).isEmpty();
    }

    @Test
    void keepsWhatItHasBetweenRuns() {
        store.replace(ACME, Samples.document(Samples.key("pump"), "The pump is blue."));
        store.close();
        store = LuceneChunkStore.in(folder, Samples.SPACE);

        assertThat(found(ACME, "blue pump", Filter.ALL)).containsExactly("pump");
        assertThat(store.nearest(ACME, Samples.vector(3), Filter.ALL, 1)).hasSize(1);
    }

    @Test
    void isBoundToItsVectors() {
        store.close();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LuceneChunkStore.in(folder, new VectorSpace("another", 8)))
                .withMessageContaining("sample-1");
        assertThatIllegalArgumentException().isThrownBy(() -> LuceneChunkStore.in(folder, null));
    }

    @Test
    void belongsToOneProcess() {
        assertThatThrownBy(() -> LuceneChunkStore.in(folder, Samples.SPACE)).isInstanceOf(StoreUnavailable.class);
    }

    @Test
    void saysThatItIsClosed() {
        store.close();
        assertThat(store.trouble()).isPresent();
        assertThatThrownBy(() -> store.matching(ACME, "pump", Filter.ALL, 1)).isInstanceOf(StoreUnavailable.class);
        assertThatThrownBy(() -> store.replace(ACME, Samples.document(Samples.key("late"), "text")))
                .isInstanceOf(StoreUnavailable.class);
    }
}
