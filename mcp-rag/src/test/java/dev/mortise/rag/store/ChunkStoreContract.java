package dev.mortise.rag.store;

import static dev.mortise.rag.store.Samples.document;
import static dev.mortise.rag.store.Samples.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. */
public abstract class ChunkStoreContract {
    protected static final Tenant ACME = Tenant.of("acme");
    protected static final Tenant GLOBEX = Tenant.of("globex");

    protected ChunkStore store;

    /** Empty, with the vectors of {@link Samples#SPACE}. */
    protected abstract ChunkStore open();

    @BeforeEach
    void opened() {
        store = open();
    }

    @AfterEach
    void closed() {
        store.close();
    }

    @Test
    void givesBackWhatWasStored() {
        DocumentChunks pump = document(key("pump"), 3, Map.of("lang", "en"), "The pump is blue.", "It turns left.");
        store.replace(ACME, pump);

        assertThat(store.document(ACME, key("pump"))).contains(pump.document());
        assertThat(store.text(ACME, key("pump"))).contains("The pump is blue.\nIt turns left.");
        assertThat(store.chunks(ACME, key("pump")))
                .containsExactly(
                        pump.chunks().get(0).chunk(), pump.chunks().get(1).chunk());
        assertThat(store.statistics(ACME)).isEqualTo(new StoreStatistics(1, 2, 32));
        Chunk.Id second = pump.chunks().get(1).chunk().id();
        assertThat(store.vectorsOf(ACME, List.of(second)).get(second))
                .containsExactly(pump.chunks().get(1).vector());
    }

    @Test
    void findsByWords() {
        store.replace(ACME, document(key("pump"), "The pump must be greased every month."));
        store.replace(ACME, document(key("valve"), "The valve closes by itself."));

        assertThat(found(ACME, "greasing pumps", Filter.ALL)).first().isEqualTo("pump");
        assertThat(found(ACME, "submarine", Filter.ALL)).isEmpty();
        assertThat(found(ACME, "", Filter.ALL)).isEmpty();
    }

    @Test
    void findsChinese() {
        store.replace(ACME, document(key("日志"), "批量推送日志到远端服务器。", "默认每五秒刷新一次缓冲区。"));
        store.replace(ACME, document(key("证书"), "为域名配置通配符证书。"));

        assertThat(found(ACME, "缓冲区 多久 刷新", Filter.ALL)).first().isEqualTo("日志");
        assertThat(found(ACME, "通配符证书怎么配置", Filter.ALL)).first().isEqualTo("证书");
    }

    @Test
    void findsIdentifiersHoweverTheyAreWritten() {
        store.replace(ACME, document(key("code"), "Set timeToLive before you call tools/list."));
        store.replace(ACME, document(key("prose"), "It is about time, and living well."));

        for (String query : List.of("timeToLive", "time_to_live", "time-to-live", "TIMETOLIVE", "tools list")) {
            assertThat(found(ACME, query, Filter.ALL)).as(query).first().isEqualTo("code");
        }
    }

    @Test
    void findsByVectors() {
        store.replace(ACME, document(key("a"), "alpha", "beta"));
        store.replace(ACME, document(key("b"), "gamma"));

        List<ScoredChunk> nearest = store.nearest(ACME, Samples.vector("beta".hashCode()), Filter.ALL, 2);
        assertThat(nearest).hasSize(2);
        assertThat(nearest.getFirst().chunk().text()).isEqualTo("beta");
        assertThat(nearest.getFirst().score()).isBetween(0.99f, 1.001f);
        assertThat(nearest.get(1).score()).isLessThan(nearest.getFirst().score());
    }

    @Test
    void replacesAndDeletes() {
        store.replace(ACME, document(key("pump"), 1, Map.of(), "old words", "more old words"));
        store.replace(ACME, document(key("pump"), 2, Map.of(), "new words"));

        assertThat(store.chunks(ACME, key("pump"))).hasSize(1);
        assertThat(found(ACME, "old", Filter.ALL)).isEmpty();
        assertThat(store.document(ACME, key("pump")).orElseThrow().version()).isEqualTo(2);
        assertThat(store.statistics(ACME)).isEqualTo(new StoreStatistics(1, 1, 9));

        assertThat(store.delete(ACME, key("pump"))).isTrue();
        assertThat(store.delete(ACME, key("pump"))).isFalse();
        assertThat(found(ACME, "new", Filter.ALL)).isEmpty();
        assertThat(store.nearest(ACME, Samples.vector(1), Filter.ALL, 5)).isEmpty();
        assertThat(store.statistics(ACME)).isEqualTo(new StoreStatistics(0, 0, 0));
    }

    @Test
    void filters() {
        store.replace(ACME, document(key("en-1"), 1, Map.of("lang", "en", "date", "2026-01-10"), "a word in English"));
        store.replace(ACME, document(key("en-2"), 1, Map.of("lang", "en", "date", "2026-05-10"), "another word"));
        store.replace(
                ACME, document(new DocumentKey("blog", "de-1"), 1, Map.of("lang", "de"), "one more word, in German"));

        assertThat(found(ACME, "word", Filter.ALL)).containsExactlyInAnyOrder("en-1", "en-2", "de-1");
        check(Filter.where("lang", "en"), "en-1", "en-2");
        check(Filter.where("lang", "en", "de"), "en-1", "en-2", "de-1");
        check(Filter.collection("blog"), "de-1");
        check(Filter.document(key("en-2")), "en-2");
        check(Filter.between("date", "2026-02", null), "en-2");
        check(Filter.between("date", null, "2026-01-10"), "en-1");
        check(Filter.between("date", "2026-01-10", "2026-05-10"), "en-1", "en-2");
        check(Filter.not(Filter.where("lang", "en")), "de-1");
        check(Filter.anyOf(Filter.collection("blog"), Filter.document(key("en-1"))), "en-1", "de-1");
        check(Filter.allOf(Filter.where("lang", "en"), Filter.not(Filter.document(key("en-1")))), "en-2");
        check(Filter.allOf(), "en-1", "en-2", "de-1");
        check(Filter.anyOf());
        check(Filter.where("lang", "%"));
    }

    /** More than are looked at closely: the best of them all the same, and what a filter leaves of them. */
    @Test
    void findsAmongManyThatMatch() {
        List<DocumentChunks> all = new ArrayList<>();
        for (int i = 0; i < 250; i++) {
            String more = " The yard has planks of it.".repeat(1 + i % 5);
            all.add(document(key("board-" + i), 1, Map.of("kind", "board"), "Oak of lot " + i + "." + more));
        }
        all.add(document(key("best"), 1, Map.of("kind", "board"), "Oak, and oak only: oak.", "Nothing else."));
        all.add(document(
                key("rare"),
                1,
                Map.of("kind", "note"),
                "Among much else that was said that day, somebody spoke of oak. "
                        + "Then it was about rain, trains, bread, the harvest, and who would drive home.".repeat(6)));
        store.replace(ACME, all);

        assertThat(found(ACME, "oak", Filter.ALL)).first().isEqualTo("best");
        assertThat(found(ACME, "oak", Filter.ALL)).hasSize(100);
        // All but one of those that match better have no chunk that passes.
        assertThat(found(ACME, "oak", Filter.where("kind", "note"))).containsExactly("rare");
        assertThat(found(ACME, "oak", Filter.not(Filter.where("kind", "note"))))
                .first()
                .isEqualTo("best");
        assertThat(store.matching(ACME, "oak", Filter.ALL, 252)).hasSize(252);
    }

    private void check(Filter filter, String... expected) {
        assertThat(found(ACME, "word", filter)).as("by words: " + filter).containsExactlyInAnyOrder(expected);
        assertThat(store.nearest(ACME, Samples.vector(7), filter, 10).stream()
                        .map(hit -> hit.chunk().document().document()))
                .as("by vectors: " + filter)
                .containsExactlyInAnyOrder(expected);
    }

    @Test
    void listsInPagesByKey() {
        for (String name : List.of("c", "a", "e", "b", "d")) {
            store.replace(ACME, document(key(name), "text"));
        }
        store.replace(ACME, document(new DocumentKey("blog", "z"), "text"));
        store.replace(GLOBEX, document(key("x"), "text"));

        assertThat(names(store.documents(ACME, null, null, 3))).containsExactly("z", "a", "b");
        assertThat(names(store.documents(ACME, null, key("b"), 3))).containsExactly("c", "d", "e");
        assertThat(names(store.documents(ACME, "manual", null, 2))).containsExactly("a", "b");
        assertThat(names(store.documents(ACME, "manual", key("bb"), 10))).containsExactly("c", "d", "e");
        assertThat(names(store.documents(ACME, "nothing", null, 10))).isEmpty();
        assertThat(store.collections(ACME)).containsExactly(Map.entry("blog", 1L), Map.entry("manual", 5L));
    }

    private static List<String> names(List<DocumentRecord> documents) {
        return documents.stream().map(document -> document.key().document()).toList();
    }

    @Test
    void tenantsDoNotMeet() {
        store.replace(ACME, document(key("pump"), "the secret of the pump"));
        store.replace(GLOBEX, document(key("pump"), "nothing to see here"));
        store.replace(Tenant.NONE, document(key("pump"), "nobody's own"));

        assertThat(found(GLOBEX, "secret", Filter.ALL)).isEmpty();
        assertThat(found(GLOBEX, "secrte", Filter.ALL)).isEmpty();
        assertThat(found(Tenant.NONE, "secret", Filter.ALL)).isEmpty();
        assertThat(store.nearest(GLOBEX, Samples.vector("the secret of the pump".hashCode()), Filter.ALL, 10))
                .singleElement()
                .satisfies(hit -> assertThat(hit.chunk().text()).isEqualTo("nothing to see here"));
        assertThat(store.delete(GLOBEX, key("pump"))).isTrue();
        assertThat(store.text(ACME, key("pump"))).contains("the secret of the pump");
        assertThat(store.statistics(GLOBEX)).isEqualTo(new StoreStatistics(0, 0, 0));
        assertThat(store.collections(GLOBEX)).isEmpty();
        Chunk.Id foreign = new Chunk.Id(key("pump"), 1, 0);
        assertThat(store.vectorsOf(GLOBEX, List.of(foreign))).isEmpty();
    }

    /** How rare words are elsewhere, how long others' texts are, what they replace and when that is cleared away. */
    @Test
    void otherTenantsDoNotChangeTheOrder() {
        Random random = new Random(20261124);
        for (int i = 0; i < 30; i++) {
            store.replace(ACME, document(key("a" + i), sentence(random, 3 + i), sentence(random, 40)));
        }
        for (int i = 0; i < 30; i += 3) {
            store.replace(ACME, document(key("a" + i), sentence(random, 8)));
        }
        store.delete(ACME, key("a4"));
        // As good as each other in whatever order they lie.
        store.replace(ACME, List.of(document(key("y"), "gold silver"), document(key("x"), "gold silver")));
        Map<String, List<ScoredChunk>> before = answers();
        assertThat(before.values()).allSatisfy(hits -> assertThat(hits).isNotEmpty());

        for (int i = 0; i < 6; i++) {
            List<DocumentChunks> many = new ArrayList<>();
            for (int d = 0; d < 10; d++) {
                // Of the same names, the second half in the place of the first, and a hundred times as long.
                many.add(document(key("a" + (i % 3 * 10 + d)), sentence(random, 1500), "red red red 配置"));
            }
            store.replace(GLOBEX, many);
            store.replace(Tenant.of("tiny"), document(key("tiny"), "red"));
        }
        settle();

        answers().forEach((query, hits) -> {
            List<ScoredChunk> then = before.get(query);
            assertThat(hits).as(query).hasSameSizeAs(then);
            for (int i = 0; i < hits.size(); i++) {
                assertThat(hits.get(i).chunk()).as(query).isEqualTo(then.get(i).chunk());
                assertThat(hits.get(i).score()).as(query).isCloseTo(then.get(i).score(), within(1e-6f));
            }
        });
    }

    /** Of stores that put things in order by themselves some time: does so now. */
    protected void settle() {}

    private Map<String, List<ScoredChunk>> answers() {
        Map<String, List<ScoredChunk>> answers = new TreeMap<>();
        for (String query : List.of(
                "red blue", "gold", "silver green", "yelow", "配置文件", "timeToLive of the 日志", "red green blue gold")) {
            answers.put(query, store.matching(ACME, query, Filter.ALL, 100));
        }
        return answers;
    }

    private static String sentence(Random random, int words) {
        String[] all = {"red", "green", "blue", "yellow", "silver", "gold", "配置文件", "日志记录", "timeToLive", "the"};
        return IntStream.range(0, words)
                .mapToObj(i -> all[Math.min(random.nextInt(all.length), random.nextInt(all.length))])
                .collect(Collectors.joining(" "));
    }

    @Test
    void refusesVectorsOfAnotherSpace() {
        DocumentRecord record = DocumentRecord.of(key("odd")).build();
        Chunk chunk = Chunk.of(record).text("text").build();
        for (float[] vector : new float[][] {null, new float[3], new float[8], {Float.NaN, 0, 0, 0, 0, 0, 0, 0}}) {
            DocumentChunks odd = new DocumentChunks(record, "text", List.of(new EmbeddedChunk(chunk, vector)));
            assertThatIllegalArgumentException().isThrownBy(() -> store.replace(ACME, odd));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> store.nearest(ACME, new float[3], Filter.ALL, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> store.nearest(ACME, Samples.vector(1), Filter.ALL, 0));
        assertThat(store.document(ACME, key("odd"))).isEmpty();
    }

    @Test
    void keepsADocumentWithoutChunks() {
        store.replace(ACME, document(key("empty")));
        assertThat(store.document(ACME, key("empty"))).isPresent();
        assertThat(store.chunks(ACME, key("empty"))).isEmpty();
        assertThat(store.text(ACME, key("empty"))).contains("");
    }

    @Test
    void tellsOfChangesByTheGeneration() {
        long before = store.generation(ACME);
        assertThat(store.generation(ACME)).isEqualTo(before);
        store.replace(ACME, document(key("a"), "text"));
        long stored = store.generation(ACME);
        assertThat(stored).isNotEqualTo(before);
        store.delete(ACME, key("a"));
        assertThat(store.generation(ACME)).isNotEqualTo(stored).isNotEqualTo(before);
    }

    @Test
    void isWritable() {
        assertThat(store.trouble()).isEmpty();
        store.replace(ACME, document(key("a"), "text"));
        assertThat(store.sizeOnDisk()).isPositive();
    }

    /** Every version has as many chunks as its number says, and all of one version. */
    @Test
    void neverShowsHalfADocument() throws Exception {
        int writers = 4;
        int readers = 4;
        int rounds = 8;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicInteger running = new AtomicInteger(writers);
        CountDownLatch done = new CountDownLatch(writers + readers);
        // Platform threads: readers that never wait would keep the writers from the carriers of virtual ones.
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int w = 0; w < writers; w++) {
                DocumentKey mine = key("w" + w);
                threads.submit(() -> attempt(failures, done, () -> {
                    for (int version = 1; version <= rounds; version++) {
                        store.replace(ACME, versioned(mine, version));
                        assertThat(store.document(ACME, mine).orElseThrow().version())
                                .isEqualTo(version);
                    }
                    running.decrementAndGet();
                }));
            }
            for (int r = 0; r < readers; r++) {
                Random random = new Random(r);
                threads.submit(() -> attempt(failures, done, () -> {
                    while (running.get() > 0 && failures.isEmpty() && System.nanoTime() < end) {
                        List<Chunk> chunks = store.chunks(ACME, key("w" + random.nextInt(writers)));
                        for (Chunk chunk : chunks) {
                            assertThat(chunk.version()).isEqualTo(chunks.size() / 3);
                        }
                        for (ScoredChunk hit : store.nearest(ACME, Samples.vector(random.nextInt()), Filter.ALL, 3)) {
                            assertThat(hit.chunk().ordinal())
                                    .isLessThan((int) hit.chunk().version() * 3);
                        }
                        store.matching(ACME, "chunk", Filter.ALL, 3);
                    }
                }));
            }
            assertThat(done.await(90, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(failures).isEmpty();
        for (int w = 0; w < writers; w++) {
            assertThat(store.chunks(ACME, key("w" + w))).hasSize(rounds * 3);
        }
    }

    private static DocumentChunks versioned(DocumentKey key, int version) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < version * 3; i++) {
            texts.add("chunk " + i + " of version " + version);
        }
        return document(key, version, Map.of(), texts.toArray(String[]::new));
    }

    /** Something that may fail. */
    private interface Attempt {
        void run() throws Exception;
    }

    private static void attempt(ConcurrentLinkedQueue<Throwable> failures, CountDownLatch done, Attempt attempt) {
        try {
            attempt.run();
        } catch (Exception | AssertionError e) {
            failures.add(e);
        } finally {
            done.countDown();
        }
    }

    /** The documents that have the words, best first, each once. */
    protected List<String> found(Tenant tenant, String text, Filter filter) {
        return store.matching(tenant, text, filter, 100).stream()
                .map(hit -> hit.chunk().document().document())
                .distinct()
                .toList();
    }
}
