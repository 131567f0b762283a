package dev.mortise.rag.store.lucene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ChunkStoreContract;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.VectorSpace;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LuceneChunkStoreTest extends ChunkStoreContract {
    @TempDir
    Path folder;

    @Override
    protected ChunkStore open() {
        return LuceneChunkStore.in(folder, Samples.SPACE);
    }

    @Override
    protected void settle() {
        ((LuceneChunkStore) store).compact();
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
    void saysThatAnIndexOfAnotherLayoutHasToBeMadeAnew() throws Exception {
        Path old = folder.resolve("old");
        try (Directory directory = FSDirectory.open(old);
                IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(null))) {
            Map<String, String> before = Map.of("model", Samples.SPACE.model(), "dimensions", "8");
            writer.setLiveCommitData(before.entrySet());
            writer.commit();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LuceneChunkStore.in(old, Samples.SPACE))
                .withMessageContaining("anew, in another folder");
    }

    /** Only where every entry has a vector are the numbers of both the same. */
    @Test
    void findsByVectorsBesideDocumentsWithoutChunks() {
        for (int i = 0; i < 40; i++) {
            DocumentKey key = Samples.key("full-" + i);
            store.replace(
                    ACME,
                    List.of(
                            new DocumentChunks(
                                    DocumentRecord.of(Samples.key("empty-" + i)).build(), "", List.of()),
                            Samples.document(key, "The pump number " + i + " is blue.")));
        }
        ((LuceneChunkStore) store).compact();

        assertThat(store.documents(ACME, null, null, 100)).hasSize(80);
        assertThat(store.document(ACME, Samples.key("empty-7"))).isPresent();
        assertThat(store.chunks(ACME, Samples.key("empty-7"))).isEmpty();
        List<ScoredChunk> all = store.nearest(ACME, Samples.vector(3), Filter.ALL, 100);
        assertThat(all).hasSize(40);
        for (int i = 0; i < 40; i++) {
            DocumentKey key = Samples.key("full-" + i);
            List<ScoredChunk> one = store.nearest(ACME, Samples.vector(3), Filter.document(key), 5);
            assertThat(one).hasSize(1);
            assertThat(one.getFirst().chunk().document()).isEqualTo(key);
            assertThat(all).contains(one.getFirst());
        }
        assertThat(store.nearest(ACME, Samples.vector(3), Filter.document(Samples.key("empty-7")), 5))
                .isEmpty();
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
