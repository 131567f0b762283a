package dev.mortise.rag.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.store.Eventually;
import dev.mortise.rag.chunk.Chunker;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.document.Format;
import dev.mortise.rag.embed.CachedEmbeddings;
import dev.mortise.rag.embed.EmbeddingException;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.embed.LexicalEmbeddings;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Documents into a real index, and out again. */
@Timeout(120)
class IngestorTest {
    private static final Tenant TENANT = Tenant.of("acme");
    private static final EmbeddingModel LEXICAL = LexicalEmbeddings.of(64);

    @TempDir
    private Path folder;

    private final Ledger ledger = new Ledger();
    private final ChunkStore store = LuceneChunkStore.inMemory(VectorSpace.of(LEXICAL));

    @AfterEach
    void close() {
        store.close();
    }

    /** Adds up what it hears, as billing does. */
    private static final class Ledger implements IngestListener {
        final AtomicLong bytes = new AtomicLong();
        final AtomicInteger embedded = new AtomicInteger();
        final List<IngestOutcome> outcomes = new CopyOnWriteArrayList<>();

        @Override
        public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
            bytes.addAndGet(storedBytes.delta());
            outcomes.add(outcome);
        }

        @Override
        public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
            bytes.addAndGet(storedBytes.delta());
        }

        @Override
        public void embedded(Tenant tenant, String model, int texts, long tokens) {
            embedded.addAndGet(texts);
        }
    }

    private Ingestor.Builder builder() {
        return builder(LEXICAL);
    }

    private Ingestor.Builder builder(EmbeddingModel model) {
        return Ingestor.over(store)
                .model(model)
                .listener(ledger)
                .clock(Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC));
    }

    private static DocumentSource source(String name, String text) {
        return DocumentSource.of(new DocumentKey("docs", name), text.getBytes(StandardCharsets.UTF_8))
                .withFileName(name + ".md");
    }

    @Test
    void aDocumentIsFoundWithWhatIsKnownOfIt() throws Exception {
        IngestOutcome outcome = builder()
                .build()
                .ingest(
                        TENANT,
                        source("pump", "# Pump\n\n## Oil\n\nChange the oil each spring.")
                                .withUri("https://wiki.example/pump")
                                .withMetadata(Map.of("site", "Ulm")));

        assertThat(outcome)
                .isEqualTo(new IngestOutcome.Stored(new DocumentKey("docs", "pump"), 1, false, 1, true, true));
        DocumentRecord record =
                store.document(TENANT, new DocumentKey("docs", "pump")).orElseThrow();
        assertThat(record.title()).isEqualTo("Pump");
        assertThat(record.mediaType()).isEqualTo("text/markdown");
        assertThat(record.metadata()).isEqualTo(Map.of("site", "Ulm", "source", "https://wiki.example/pump"));
        assertThat(record.updated()).isEqualTo(Instant.parse("2026-11-22T12:00:00Z"));
        Chunk chunk = store.matching(TENANT, "oil", Filter.ALL, 10).getFirst().chunk();
        assertThat(chunk.headings()).containsExactly("Oil");
        assertThat(store.text(TENANT, record.key()).orElseThrow().substring(chunk.start(), chunk.end()))
                .isEqualTo(chunk.text());
        assertThat(store.nearest(
                        TENANT,
                        LEXICAL.embed(List.of("oil"), EmbeddingModel.Use.QUERY).getFirst(),
                        Filter.ALL,
                        1))
                .hasSize(1);
        assertThat(ledger.bytes).hasValue(record.bytes());
        assertThat(ledger.embedded).hasValue(1);
    }

    @Test
    void theSameAgainChangesNothing() throws Exception {
        Ingestor ingestor = builder().build();
        ingestor.ingest(TENANT, source("pump", "The pump."));
        long generation = store.generation(TENANT);

        assertThat(ingestor.ingest(TENANT, source("pump", "The pump.")))
                .isEqualTo(new IngestOutcome.Unchanged(new DocumentKey("docs", "pump"), 1));
        assertThat(store.generation(TENANT)).isEqualTo(generation);
        assertThat(ledger.embedded).hasValue(1);
        // Another ingestor that cuts in another way has another text to embed.
        assertThat(builder().chunker(Chunker.of(100, 10)).build().ingest(TENANT, source("pump", "The pump.")))
                .isInstanceOf(IngestOutcome.Stored.class);
        assertThat(ingestor.ingest(TENANT, source("pump", "The pump.").withMetadata(Map.of("a", "b"))))
                .isInstanceOf(IngestOutcome.Stored.class);
    }

    @Test
    void aDocumentThatDoesNotFitIntoMemoryFailsAlone() throws Exception {
        DocumentReader reader = DocumentReader.builder()
                .parser(Format.CODE, source -> {
                    throw new OutOfMemoryError("as if");
                })
                .build();

        IngestReport report = builder()
                .reader(reader)
                .build()
                .ingest(
                        TENANT,
                        List.of(
                                source("before", "The pump."),
                                source("large", "class Pump {}").withFileName("Pump.java"),
                                source("after", "The valve.")),
                        IngestProgress.NONE);

        assertThat(report.stored()).isEqualTo(2);
        assertThat(report.failures())
                .singleElement()
                .isEqualTo(new IngestOutcome.Failed(
                        new DocumentKey("docs", "large"),
                        Reason.UNAVAILABLE,
                        "There was not enough memory to take it in"));
    }

    @Test
    void aNewVersionReplacesAndADeletionGivesTheBytesBack() throws Exception {
        Ingestor ingestor = builder().build();
        ingestor.ingest(TENANT, source("pump", "The pump is green and heavy."));
        IngestOutcome second = ingestor.ingest(TENANT, source("pump", "It is red."));

        assertThat(second)
                .isEqualTo(new IngestOutcome.Stored(new DocumentKey("docs", "pump"), 2, true, 1, true, false));
        assertThat(store.matching(TENANT, "green", Filter.ALL, 10)).isEmpty();
        assertThat(ledger.bytes).hasValue(10);
        assertThat(store.statistics(TENANT).bytes()).isEqualTo(10);

        assertThat(ingestor.delete(TENANT, new DocumentKey("docs", "pump"))).isTrue();
        assertThat(ingestor.delete(TENANT, new DocumentKey("docs", "pump"))).isFalse();
        assertThat(ledger.bytes).hasValue(0);
        assertThat(store.statistics(TENANT).documents()).isZero();
    }

    @Test
    void aFailedUpdateLeavesTheEarlierVersion() throws Exception {
        AtomicBoolean away = new AtomicBoolean();
        Ingestor ingestor = builder(failing(text -> away.get())).build();
        ingestor.ingest(TENANT, source("pump", "The pump is green."));
        away.set(true);

        IngestOutcome outcome = ingestor.ingest(TENANT, source("pump", "The pump is red."));

        assertThat(outcome).isInstanceOfSatisfying(IngestOutcome.Failed.class, failed -> {
            assertThat(failed.reason()).isEqualTo(Reason.UNAVAILABLE);
            assertThat(failed.message()).isEqualTo("The embedding model did not answer with vectors");
        });
        assertThat(store.matching(TENANT, "green", Filter.ALL, 10)).hasSize(1);
        away.set(false);
        assertThat(ingestor.ingest(TENANT, source("pump", "The pump is red.")))
                .isInstanceOf(IngestOutcome.Stored.class);
    }

    @Test
    void aFolderWithItsCountItsFailuresAndItsNames() throws Exception {
        write("guide/pump.md", "# Pump\n\nThe pump.");
        write("guide/pump.txt", "The pump once more.");
        write("valve.html", "<p>The valve");
        write("empty.md", "");
        write("broken.json", "{");
        write("manual.pdf", "%PDF-1.4");
        write(".hidden", "no");
        write(".git/config.md", "no");
        Files.write(folder.resolve("noise.bin"), new byte[] {0, 1, 2, 3, 0, 1, 2, 3, 0, 5});
        Path outside = Files.writeString(Files.createTempFile("outside", ".md"), "secret");
        Files.createSymbolicLink(folder.resolve("link.md"), outside);
        List<String> progress = new ArrayList<>();

        IngestReport report = builder()
                .build()
                .ingestFolder(TENANT, "docs", folder, (done, total, latest) -> progress.add(done + "/" + total));
        Files.delete(outside);

        assertThat(report.stored()).isEqualTo(3);
        assertThat(report.failures())
                .extracting(failed -> failed.key().document() + " " + failed.reason())
                .containsExactlyInAnyOrder("empty EMPTY", "broken BROKEN", "manual UNSUPPORTED", "noise UNSUPPORTED");
        assertThat(progress).containsExactly("1/7", "2/7", "3/7", "4/7", "5/7", "6/7", "7/7");
        assertThat(store.documents(TENANT, "docs", null, 100))
                .extracting(each -> each.key().document())
                .containsExactly("guide/pump", "guide/pump.txt", "valve");
        assertThat(builder()
                        .build()
                        .ingestFolder(TENANT, "docs", folder, IngestProgress.NONE)
                        .unchanged())
                .isEqualTo(3);
    }

    @Test
    void aMirroredFolderTakesAwayWhatIsNotInIt() throws Exception {
        Ingestor ingestor = builder().build();
        write("a.md", "one");
        write("b.md", "two");
        ingestor.mirrorFolder(TENANT, "docs", folder, IngestProgress.NONE);
        ingestor.ingest(TENANT, DocumentSource.of(new DocumentKey("other", "c"), "three".getBytes()));
        Files.delete(folder.resolve("b.md"));

        IngestReport report = ingestor.mirrorFolder(TENANT, "docs", folder, IngestProgress.NONE);

        assertThat(report).isEqualTo(new IngestReport(0, 1, 1, 0, List.of()));
        assertThat(store.documents(TENANT, null, null, 10)).hasSize(2);
        assertThat(ledger.bytes).hasValue(8);
    }

    @Test
    void aFileThatFailsIsNotTakenForOneThatIsGone() throws Exception {
        Ingestor ingestor = builder().build();
        write("a.json", "{\"a\": 1}");
        ingestor.mirrorFolder(TENANT, "docs", folder, IngestProgress.NONE);
        write("a.json", "{");

        IngestReport report = ingestor.mirrorFolder(TENANT, "docs", folder, IngestProgress.NONE);

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.removed()).isZero();
        assertThat(store.document(TENANT, new DocumentKey("docs", "a"))).isPresent();
    }

    @Test
    void aFolderThatIsNone() {
        assertThatThrownBy(() ->
                        builder().build().ingestFolder(TENANT, "docs", folder.resolve("none"), IngestProgress.NONE))
                .isInstanceOf(NotDirectoryException.class);
    }

    @Test
    void oneDocumentThatFailsDoesNotStopTheOthers() throws Exception {
        Ingestor ingestor = builder(failing(text -> text.contains("number 7 "))).build();
        List<DocumentSource> sources = IntStream.range(0, 40)
                .mapToObj(each -> source("doc" + each, "Text number " + each + " here."))
                .toList();

        IngestReport report = ingestor.ingest(TENANT, sources, IngestProgress.NONE);

        assertThat(report.stored()).isEqualTo(39);
        assertThat(report.failures())
                .singleElement()
                .satisfies(failed -> assertThat(failed.key().document()).isEqualTo("doc7"));
        assertThat(store.statistics(TENANT).documents()).isEqualTo(39);
    }

    @Test
    void theSameDocumentFromManyThreadsEndsInOneOfItsVersions() throws Exception {
        Ingestor ingestor = builder().build();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<IngestOutcome>> all = IntStream.range(0, 50)
                    .mapToObj(each ->
                            threads.submit(() -> ingestor.ingest(TENANT, source("pump", "Version " + each % 5))))
                    .toList();
            for (Future<IngestOutcome> each : all) {
                assertThat(each.get()).isNotInstanceOf(IngestOutcome.Failed.class);
            }
        }
        assertThat(store.statistics(TENANT).documents()).isEqualTo(1);
        assertThat(store.statistics(TENANT).bytes()).isEqualTo(9);
        assertThat(ledger.bytes).hasValue(9);
        long stored = ledger.outcomes.stream()
                .filter(IngestOutcome.Stored.class::isInstance)
                .count();
        assertThat(store.document(TENANT, new DocumentKey("docs", "pump"))
                        .orElseThrow()
                        .version())
                .isEqualTo(stored);
    }

    @Test
    void anInterruptStopsAFolderAndKeepsWhatIsStored() throws Exception {
        for (int each = 0; each < 50; each++) {
            write("doc" + each + ".md", "Text number " + each);
        }
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        EmbeddingModel model = failing(text -> {
            if (asked.incrementAndGet() > 10) {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return true;
                }
            }
            return false;
        });
        List<Exception> thrown = new CopyOnWriteArrayList<>();
        Thread caller = Thread.ofVirtual().start(() -> {
            try {
                builder(model).concurrency(2).build().ingestFolder(TENANT, "docs", folder, IngestProgress.NONE);
            } catch (Exception e) {
                thrown.add(e);
            }
        });
        Eventually.holds("it hangs", () -> asked.get() >= 12);

        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(20))).isTrue();
        assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
        assertThat(store.statistics(TENANT).documents()).isEqualTo(10);
        assertThat(ledger.outcomes).hasSize(10);
    }

    @Test
    void whatTheCacheHasCostsNothing() throws Exception {
        EmbeddingModel model = CachedEmbeddings.of(LEXICAL).build();
        Ingestor ingestor = builder(model).build();
        ingestor.ingest(TENANT, source("pump", "The pump."));
        ingestor.delete(TENANT, new DocumentKey("docs", "pump"));
        ingestor.ingest(TENANT, source("pump", "The pump."));

        assertThat(ledger.embedded).hasValue(1);
    }

    @Test
    void aListenerThatFailsChangesNothing() throws Exception {
        IngestListener broken = new IngestListener() {
            @Override
            public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
                throw new IllegalStateException("broken");
            }
        };

        assertThat(builder().listener(broken).build().ingest(TENANT, source("pump", "The pump.")))
                .isInstanceOf(IngestOutcome.Stored.class);
    }

    @Test
    void aPageFromTheWebAndOneFromNextDoor() throws Exception {
        try (Web web = Web.http()) {
            web.page("/pump", "text/html", "<h1>Pump</h1><p>The pump is green.");
            Ingestor ingestor = builder()
                    .fetcher(UrlFetcher.builder()
                            .allowPlainHttp()
                            .trustHost("wiki.test")
                            .resolver(host -> List.of(InetAddress.getByName("127.0.0.1")))
                            .build())
                    .build();
            String url = "http://wiki.test:" + web.port() + "/pump";

            assertThat(ingestor.ingestUrl(TENANT, new DocumentKey("web", "pump"), URI.create(url)))
                    .isInstanceOf(IngestOutcome.Stored.class);
            assertThat(ingestor.ingestUrl(TENANT, new DocumentKey("web", "pump"), URI.create(url)))
                    .isInstanceOf(IngestOutcome.Unchanged.class);
            assertThat(ingestor.ingestUrl(
                            TENANT, new DocumentKey("web", "x"), URI.create("http://lan.test:" + web.port() + "/pump")))
                    .isInstanceOfSatisfying(
                            IngestOutcome.Failed.class,
                            failed -> assertThat(failed.message())
                                    .isEqualTo("Its address is not of the public internet"));
            assertThat(store.document(TENANT, new DocumentKey("web", "pump"))
                            .orElseThrow()
                            .metadata())
                    .containsEntry("source", url);
        }
    }

    @Test
    void anotherModelThanTheStoreHoldsIsNoticedAtOnce() {
        assertThatThrownBy(() -> builder(LexicalEmbeddings.of(128)).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lexical-1-64")
                .hasMessageContaining("lexical-1-128");
    }

    private void write(String name, String text) throws Exception {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private interface Fails {
        boolean on(String text);
    }

    /** The lexical model behind a line that breaks. */
    private static EmbeddingModel failing(Fails fails) {
        return new EmbeddingModel() {
            @Override
            public String id() {
                return LEXICAL.id();
            }

            @Override
            public int dimensions() {
                return LEXICAL.dimensions();
            }

            @Override
            public List<float[]> embed(List<String> texts, Use use) {
                for (String text : texts) {
                    if (fails.on(text)) {
                        throw new EmbeddingException(EmbeddingException.Kind.UNAVAILABLE, "The line broke", null);
                    }
                }
                return LEXICAL.embed(texts, use);
            }
        };
    }
}
