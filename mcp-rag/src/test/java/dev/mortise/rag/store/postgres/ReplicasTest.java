package dev.mortise.rag.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.EmbeddedChunk;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Samples;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.StoreStatistics;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several stores over the same tables, and what the tables hold afterwards. */
class ReplicasTest {
    private static final Tenant ACME = Tenant.of("acme");
    private static final Tenant GLOBEX = Tenant.of("globex");

    private final RagHome home = RagHome.postgres();

    @AfterEach
    void gone() throws Exception {
        home.close();
    }

    private PostgresChunkStore replica() {
        return home.store().vectors(Samples.SPACE).migrate();
    }

    @Test
    void whatOneWritesTheOthersFindAtOnce() {
        try (PostgresChunkStore one = replica();
                PostgresChunkStore two = replica()) {
            long before = two.generation(ACME);
            one.replace(ACME, Samples.document(Samples.key("pump"), "grease the pump"));
            assertThat(two.generation(ACME)).isNotEqualTo(before);
            assertThat(two.generation(GLOBEX)).isEqualTo(before);
            assertThat(two.matching(ACME, "pump", Filter.ALL, 5)).hasSize(1);
            two.delete(ACME, Samples.key("pump"));
            assertThat(one.matching(ACME, "pump", Filter.ALL, 5)).isEmpty();
        }
    }

    /** Writers of all replicas at the same documents: in the end the counts are those of what is there. */
    @Test
    void countsAddUpWhoeverWrites() throws Exception {
        try (PostgresChunkStore one = replica();
                PostgresChunkStore two = replica();
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> writers = new ArrayList<>();
            for (int w = 0; w < 6; w++) {
                PostgresChunkStore store = w % 2 == 0 ? one : two;
                Random random = new Random(w);
                writers.add(threads.submit(() -> {
                    for (int i = 0; i < 12; i++) {
                        DocumentKey key = Samples.key("d" + random.nextInt(5));
                        if (random.nextInt(4) == 0) {
                            store.delete(ACME, key);
                        } else {
                            store.replace(ACME, List.of(sample(key, random), sample(Samples.key("shared"), random)));
                        }
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get();
            }
            long documents = 0;
            long chunks = 0;
            long bytes = 0;
            for (DocumentRecord document : two.documents(ACME, null, null, 100)) {
                documents++;
                chunks += two.chunks(ACME, document.key()).size();
                bytes += document.bytes();
            }
            assertThat(one.statistics(ACME)).isEqualTo(new StoreStatistics(documents, chunks, bytes));
        }
        String words = home.schema + ".rag_word";
        String postings = home.schema + ".rag_posting";
        assertThat(home.numbers("SELECT count(*) FROM " + words
                        + " w FULL JOIN (SELECT term, sum(cardinality(hits)) AS chunks FROM " + postings
                        + " GROUP BY term) p USING (term) WHERE p.chunks IS DISTINCT FROM w.chunks"))
                .as("terms whose count is wrong")
                .containsExactly(0L);
        assertThat(home.numbers("SELECT count(*) FROM " + home.schema + ".rag_code"))
                .isEqualTo(home.numbers("SELECT count(*) FROM " + home.schema + ".rag_chunk"));
    }

    private static DocumentChunks sample(DocumentKey key, Random random) {
        String[] texts = new String[1 + random.nextInt(4)];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = "common word" + random.nextInt(6) + " and word" + random.nextInt(6);
        }
        return Samples.document(key, 1 + random.nextInt(100), Map.of(), texts);
    }

    @Test
    void aDocumentThatIsGivenTwiceAtOnceIsThereOnce() {
        try (PostgresChunkStore store = replica()) {
            store.replace(
                    ACME,
                    List.of(
                            Samples.document(Samples.key("a"), 1, Map.of(), "first"),
                            Samples.document(Samples.key("a"), 2, Map.of(), "second", "part")));
            assertThat(store.statistics(ACME)).isEqualTo(new StoreStatistics(1, 2, 11));
            assertThat(store.text(ACME, Samples.key("a"))).contains("second\npart");
        }
    }

    @Test
    void isBoundToTheVectorsThatItWasMadeFor() {
        replica().close();
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> home.store().vectors(new VectorSpace("other", 8)).migrate())
                .withMessageContaining("sample-1");
        assertThatIllegalArgumentException().isThrownBy(() -> home.store().migrate());
        replica().close();
    }

    @Test
    void storesWordsOnly() {
        try (PostgresChunkStore store = home.store().migrate()) {
            DocumentRecord record = DocumentRecord.of(Samples.key("a")).build();
            Chunk chunk = Chunk.of(record).text("only words").build();
            store.replace(ACME, new DocumentChunks(record, "only words", List.of(EmbeddedChunk.withoutVector(chunk))));
            assertThat(store.matching(ACME, "words", Filter.ALL, 5)).hasSize(1);
            assertThat(store.vectorsOf(ACME, List.of(chunk.id()))).isEmpty();
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> store.nearest(ACME, Samples.vector(1), Filter.ALL, 1));
        }
    }

    @Test
    void asksForTablesThatAreNotThere() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> home.store().vectors(Samples.SPACE).validate())
                .withMessageContaining("001-documents-and-terms");
        String script = home.store().vectors(Samples.SPACE).script();
        home.execute("CREATE SCHEMA " + home.schema);
        try (Connection connection = home.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(script);
        }
        try (PostgresChunkStore store = home.store().vectors(Samples.SPACE).validate()) {
            store.replace(ACME, Samples.document(Samples.key("a"), "text"));
            assertThat(store.matching(ACME, "text", Filter.ALL, 1)).hasSize(1);
            assertThat(store.usesPgvector()).isFalse();
        }
    }

    /** What PostgreSQL has no character for, names that are too long for an index, chunks that differ from their document. */
    @Test
    void keepsWhatIsHardToKeep() {
        DocumentKey key = new DocumentKey("集".repeat(256), "/路".repeat(1024));
        DocumentRecord record = DocumentRecord.of(key)
                .title("NUL \0, \1 and \1\1")
                .metadata(Map.of("na\0me", "va\0lue", "plain", "value"))
                .build();
        Chunk own = Chunk.of(record)
                .text("a\0b \uD83D\uDE00 quote ' \\ \" {,}")
                .headings(List.of("one, \"two\"", "{}", ""))
                .metadata(Map.of("page", "7"))
                .build();
        Chunk plain = Chunk.of(record).ordinal(1).text("plain").build();
        try (PostgresChunkStore store = replica()) {
            store.replace(
                    ACME,
                    new DocumentChunks(
                            record,
                            "all\0of it",
                            List.of(
                                    new EmbeddedChunk(own, Samples.vector(1)),
                                    new EmbeddedChunk(plain, Samples.vector(2)))));
            assertThat(store.document(ACME, key)).contains(record);
            assertThat(store.text(ACME, key)).contains("all\0of it");
            assertThat(store.chunks(ACME, key)).containsExactly(own, plain);
            assertThat(nearest(store, Filter.where("page", "7"))).containsExactly(own);
            assertThat(nearest(store, Filter.not(Filter.where("page", "7")))).containsExactly(plain);
            assertThat(nearest(store, Filter.where("na\0me", "va\0lue"))).containsExactly(plain);
            assertThat(nearest(store, Filter.where("na\0me", "va\1\1lue"))).isEmpty();
            assertThat(nearest(store, Filter.document(key))).containsExactlyInAnyOrder(own, plain);
            assertThat(store.matching(ACME, "quote plain", Filter.where("page", "7"), 5))
                    .extracting(ScoredChunk::chunk)
                    .containsExactly(own);
            assertThat(store.documents(ACME, null, key, 10)).isEmpty();
            assertThat(store.collections(ACME)).containsOnlyKeys(key.collection());
        }
    }

    private static List<Chunk> nearest(PostgresChunkStore store, Filter filter) {
        return store.nearest(ACME, Samples.vector(3), filter, 10).stream()
                .map(ScoredChunk::chunk)
                .toList();
    }

    /** The same ranking as the store in Lucene has, for the same documents; its lengths are rounded, these are not. */
    @Test
    void ranksAsLuceneDoes() {
        Random random = new Random(11);
        List<DocumentChunks> documents = new ArrayList<>();
        for (int d = 0; d < 40; d++) {
            String[] texts = new String[1 + random.nextInt(5)];
            for (int i = 0; i < texts.length; i++) {
                StringBuilder text = new StringBuilder();
                for (int w = 0; w < 20; w++) {
                    text.append(WORDS.get((int) Math.min(WORDS.size() - 1, Math.abs(random.nextGaussian()) * 8)))
                            .append(' ');
                }
                texts[i] = text.toString();
            }
            documents.add(Samples.document(Samples.key("d" + d), texts));
        }
        try (PostgresChunkStore postgres = replica();
                LuceneChunkStore lucene = LuceneChunkStore.inMemory(Samples.SPACE)) {
            postgres.replace(ACME, documents);
            lucene.replace(ACME, documents);
            for (String query :
                    List.of("quarry", "harbour lantern", "velvet quary orchrd", "timeToLive 缓冲区 刷新", "the of")) {
                List<ScoredChunk> expected = lucene.matching(ACME, query, Filter.ALL, 10);
                List<ScoredChunk> found = postgres.matching(ACME, query, Filter.ALL, 10);
                assertThat(found).as(query).hasSameSizeAs(expected);
                for (int i = 0; i < found.size(); i++) {
                    assertThat(found.get(i).score())
                            .as(query + " " + i)
                            .isCloseTo(expected.get(i).score(), org.assertj.core.api.Assertions.within(0.02f));
                }
            }
        }
    }

    private static final List<String> WORDS = List.of(
            "harbour",
            "lantern",
            "meadow",
            "timeToLive",
            "刷新缓冲区",
            "velvet",
            "orchard",
            "quarry",
            "the",
            "granite",
            "whistle",
            "copper",
            "日志",
            "pepper",
            "saddle",
            "thimble",
            "walnut",
            "zephyr",
            "of",
            "marble");

    @Test
    void saysWhyItCannotBeWritten() throws Exception {
        try (PostgresChunkStore store = replica()) {
            assertThat(store.trouble()).isEmpty();
            home.execute("DROP SCHEMA " + home.schema + " CASCADE");
            assertThat(store.trouble()).isPresent();
            assertThatThrownBy(() -> store.replace(ACME, Samples.document(Samples.key("a"), "text")))
                    .isInstanceOf(StoreUnavailable.class);
        }
    }

    @Test
    void aWriterThatGivesUpLeavesNothing() throws Exception {
        try (PostgresChunkStore store = replica();
                Connection holder = home.dataSource().getConnection();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            store.replace(ACME, Samples.document(Samples.key("a"), "text"));
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute("SELECT 1 FROM " + home.schema + ".rag_tenant FOR UPDATE");
            }
            Future<Boolean> waiting = threads.submit(() -> {
                assertThatThrownBy(() -> store.replace(ACME, Samples.document(Samples.key("b"), "text")))
                        .isInstanceOf(StoreUnavailable.class);
                return Thread.interrupted();
            });
            Eventually.holds(
                    "it waits for its turn",
                    () -> home.numbers("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                                            + " AND query LIKE '%" + home.schema + ".rag_tenant%'")
                                    .getFirst()
                            == 1);
            // Others do not wait for this tenant.
            store.replace(GLOBEX, Samples.document(Samples.key("b"), "text"));
            threads.shutdownNow();
            assertThat(waiting.get()).isTrue();
            holder.rollback();
            store.replace(ACME, Samples.document(Samples.key("c"), "text"));
            assertThat(store.document(ACME, Samples.key("b"))).isEmpty();
            assertThat(store.statistics(ACME).documents()).isEqualTo(2);
        }
    }
}
