package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.ChunkStoreContract;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.ScoredChunk;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every store does, with every search by vectors going through the graph of pgvector; over one connection. */
class PgvectorChunkStoreTest extends ChunkStoreContract {
    private static Pglite server;

    private RagHome home;

    @BeforeAll
    static void started() throws Exception {
        server = Pglite.start();
    }

    @AfterAll
    static void ended() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected ChunkStore open() {
        home = RagHome.over(server.dataSource(), 1);
        return home.store().vectors(Samples.SPACE).graphFrom(0).migrate();
    }

    @AfterEach
    void gone() throws Exception {
        home.close();
    }

    @Test
    void findsThroughTheGraphWhatAnExactSearchFinds() throws Exception {
        assertThat(((PostgresChunkStore) store).usesPgvector()).isTrue();
        Random random = new Random(5);
        Map<String, float[]> vectors = new HashMap<>();
        List<DocumentChunks> documents = new ArrayList<>();
        for (int d = 0; d < 60; d++) {
            String[] texts = new String[20];
            for (int i = 0; i < texts.length; i++) {
                texts[i] = "chunk " + d + " " + i;
                vectors.put(texts[i], Samples.vector(texts[i].hashCode()));
            }
            documents.add(Samples.document(Samples.key("d" + d), 1, Map.of("third", "" + d % 3), texts));
        }
        store.replace(ACME, documents);
        store.replace(
                GLOBEX, Samples.document(Samples.key("other"), vectors.keySet().toArray(String[]::new)));

        int found = 0;
        for (int query = 0; query < 20; query++) {
            float[] vector = Samples.vector(random, Samples.SPACE.dimensions());
            List<String> exact = vectors.entrySet().stream()
                    .sorted((a, b) -> Float.compare(dot(b.getValue(), vector), dot(a.getValue(), vector)))
                    .limit(10)
                    .map(Map.Entry::getKey)
                    .toList();
            List<ScoredChunk> hits = store.nearest(ACME, vector, Filter.ALL, 10);
            assertThat(hits).hasSize(10);
            assertThat(hits).extracting(ScoredChunk::score).isSortedAccordingTo((a, b) -> Float.compare(b, a));
            found += (int) hits.stream()
                    .filter(hit -> exact.contains(hit.chunk().text()))
                    .count();
            assertThat(store.nearest(ACME, vector, Filter.where("third", "2"), 100))
                    .hasSize(100)
                    .allSatisfy(hit -> assertThat(hit.chunk().metadata()).containsEntry("third", "2"));
        }
        assertThat(found).isGreaterThanOrEqualTo(190);
    }

    @Test
    void plansToUseTheIndex() throws Exception {
        store.replace(ACME, Samples.document(Samples.key("a"), "alpha", "beta"));
        Pgvector pgvector;
        try (Connection connection = home.dataSource().getConnection()) {
            pgvector = Pgvector.find(connection).orElseThrow();
        }
        String plan = home.plan(
                pgvector.settings(10),
                new VectorQuery(home.tables(), ACME, Filter.where("lang", "en"))
                        .throughGraph(pgvector, Samples.vector(1), 10));
        assertThat(plan).contains("Index Scan using " + Pgvector.INDEX);
    }

    private static float dot(float[] a, float[] b) {
        float sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
