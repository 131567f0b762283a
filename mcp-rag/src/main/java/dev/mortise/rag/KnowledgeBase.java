package dev.mortise.rag;

import dev.mortise.mcp.health.HealthCheck;
import dev.mortise.mcp.health.Verdict;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.rag.chunk.Chunker;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.document.Format;
import dev.mortise.rag.embed.CachedEmbeddings;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.ingest.IngestProgress;
import dev.mortise.rag.ingest.IngestReport;
import dev.mortise.rag.ingest.Ingestor;
import dev.mortise.rag.ingest.UrlFetcher;
import dev.mortise.rag.internal.Interrupts;
import dev.mortise.rag.search.HybridSearcher;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.search.SearchResult;
import dev.mortise.rag.search.Searcher;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Documents in, passages out. Holds together a store, what fills it and what searches it, and tells listeners what
 * happens. Thread-safe; everything blocks and may be called on virtual threads.
 *
 * <pre>{@code
 * try (KnowledgeBase docs = KnowledgeBase.inFolder(Path.of("index"))) {
 *     docs.ingestFolder(Tenant.NONE, "handbook", Path.of("handbook"), IngestProgress.NONE);
 *     docs.search(Tenant.NONE, SearchQuery.of("How many days of leave do I have?")).hits();
 * }
 * }</pre>
 */
public final class KnowledgeBase implements AutoCloseable {
    private static final int TOLD_EVERY = 200;

    private final String name;
    private final ChunkStore store;
    private final Ingestor ingestor;
    private final DocumentReader reader;
    private final Searcher searcher;
    private final Listeners listeners;
    private final WorkObserver observer;

    private KnowledgeBase(Builder builder) {
        this.name = builder.name;
        this.store = builder.store;
        this.listeners = builder.listeners;
        this.observer = builder.observer;
        this.reader = builder.reader;
        listeners.add(new KnowledgeMetrics(name, store, builder.metrics));
        Ingestor.Builder ingest = Ingestor.over(store)
                .listener(listeners)
                .reader(builder.reader)
                .chunker(builder.chunker)
                .fetcher(builder.fetcher)
                .clock(builder.clock);
        HybridSearcher.Builder search = HybridSearcher.over(store);
        if (builder.model != null) {
            EmbeddingModel model = new ObservedEmbeddings(builder.model, observer);
            if (builder.model instanceof CachedEmbeddings cache) {
                KnowledgeMetrics.show(cache, name, builder.metrics);
            }
            ingest.model(model);
            search.model(model);
        }
        builder.searching.accept(search);
        this.ingestor = ingest.build();
        this.searcher = builder.searcher == null ? search.build() : builder.searcher;
    }

    /** Over a store, which closes with the knowledge base. */
    public static Builder over(ChunkStore store) {
        return new Builder(store);
    }

    /** In an index in this folder, by words only: no model, no network, nothing else to start. */
    public static KnowledgeBase inFolder(Path folder) {
        return over(LuceneChunkStore.in(folder, null)).build();
    }

    /** What metrics, logs and the health check call it. */
    public String name() {
        return name;
    }

    /** For reading. What is written past the knowledge base, its listeners do not hear of. */
    public ChunkStore store() {
        return store;
    }

    /** Whether documents of this format can be taken in. */
    boolean reads(Format format) {
        return reader.reads(format);
    }

    /** @throws dev.mortise.mcp.store.StoreUnavailable when the store cannot be read */
    public SearchResult search(Tenant tenant, SearchQuery query) {
        long begin = System.nanoTime();
        SearchResult result = observer.observe(WorkObserver.Work.RETRIEVAL, name, () -> searcher.search(tenant, query));
        listeners.searched(tenant, query, result, Duration.ofNanos(System.nanoTime() - begin));
        return result;
    }

    /** Takes in one document, in the place of the one with its key. */
    public IngestOutcome ingest(Tenant tenant, DocumentSource source) throws InterruptedException {
        return told(tenant, ingestor.ingest(tenant, source));
    }

    /** Fetches a document from the web, guarded against addresses that are not public, and takes it in. */
    public IngestOutcome ingestUrl(Tenant tenant, DocumentKey key, URI url) throws InterruptedException {
        return told(tenant, ingestor.ingestUrl(tenant, key, url));
    }

    private IngestOutcome told(Tenant tenant, IngestOutcome outcome) {
        if (isListedOtherwise(outcome)) {
            Interrupts.later(() -> listeners.documentsChanged(tenant));
        }
        return outcome;
    }

    private static boolean isListedOtherwise(IngestOutcome outcome) {
        return outcome instanceof IngestOutcome.Stored stored && stored.newLabel();
    }

    /**
     * Takes in the files of a folder and of its folders; a document is named by its path without the extension.
     *
     * @param mirror whether documents of the collection go that have no file in the folder
     * @throws IOException if the folder cannot be listed
     */
    public IngestReport ingestFolder(
            Tenant tenant, String collection, Path folder, boolean mirror, IngestProgress progress)
            throws IOException, InterruptedException {
        Telling telling = new Telling(tenant, progress);
        try {
            IngestReport report = mirror
                    ? ingestor.mirrorFolder(tenant, collection, folder, telling)
                    : ingestor.ingestFolder(tenant, collection, folder, telling);
            telling.untold.addAndGet(report.removed());
            return report;
        } catch (InterruptedException | RuntimeException e) {
            // What was stored and removed before it broke off is so, and nobody knows how much.
            telling.untold.incrementAndGet();
            throw e;
        } finally {
            if (telling.untold.get() > 0) {
                listeners.documentsChanged(tenant);
            }
        }
    }

    /** Tells of the documents of a folder, many at a time. Called in turns. */
    private final class Telling implements IngestProgress {
        private final Tenant tenant;
        private final IngestProgress progress;
        private final AtomicInteger untold = new AtomicInteger();

        Telling(Tenant tenant, IngestProgress progress) {
            this.tenant = tenant;
            this.progress = progress;
        }

        @Override
        public void progress(int done, int total, IngestOutcome latest) {
            int sinceTold = untold.addAndGet(isListedOtherwise(latest) ? 1 : 0);
            progress.progress(done, total, latest);
            if (sinceTold >= TOLD_EVERY) {
                untold.set(0);
                listeners.documentsChanged(tenant);
            }
        }
    }

    /** @return whether there was such a document */
    public boolean delete(Tenant tenant, DocumentKey document) throws InterruptedException {
        boolean deleted = ingestor.delete(tenant, document);
        if (deleted) {
            Interrupts.later(() -> listeners.documentsChanged(tenant));
        }
        return deleted;
    }

    /** From now on, this listener hears what happens, until it is removed. */
    public void addListener(KnowledgeListener listener) {
        listeners.add(listener);
    }

    public void removeListener(KnowledgeListener listener) {
        listeners.remove(listener);
    }

    /** Whether the index can be written; a required check for readiness. */
    public HealthCheck health() {
        return HealthCheck.of(
                "knowledge-" + name, () -> store.trouble().map(Verdict::down).orElseGet(Verdict::up));
    }

    @Override
    public void close() {
        store.close();
    }

    /** Composes a {@link KnowledgeBase}. Not thread-safe. */
    public static final class Builder {
        private final ChunkStore store;
        private final Listeners listeners = new Listeners();
        private String name = "knowledge";
        private @Nullable EmbeddingModel model;
        private @Nullable Searcher searcher;
        private Consumer<HybridSearcher.Builder> searching = search -> {};
        private DocumentReader reader = DocumentReader.standard();
        private Chunker chunker = Chunker.standard();
        private UrlFetcher fetcher = UrlFetcher.standard();
        private MetricSink metrics = MetricSink.none();
        private WorkObserver observer = WorkObserver.NONE;
        private Clock clock = Clock.systemUTC();

        private Builder(ChunkStore store) {
            this.store = store;
        }

        /** What metrics, logs and the health check call it; {@code knowledge} unless set. */
        public Builder name(String newName) {
            if (newName.isBlank() || newName.length() > 64) {
                throw new IllegalArgumentException("A knowledge base is named by 1 to 64 characters");
            }
            this.name = newName;
            return this;
        }

        /** The model whose vectors the store holds; none for a store that looks by words only. */
        public Builder model(EmbeddingModel newModel) {
            this.model = newModel;
            return this;
        }

        /** How it searches: weights of words and vectors, a reranker, what is remembered. The store and the model are set. */
        public Builder searching(Consumer<HybridSearcher.Builder> settings) {
            this.searching = settings;
            return this;
        }

        /** In the place of the one that is made of the store, the model and what {@link #searching} says. */
        public Builder searcher(Searcher newSearcher) {
            this.searcher = newSearcher;
            return this;
        }

        public Builder reader(DocumentReader newReader) {
            this.reader = newReader;
            return this;
        }

        public Builder chunker(Chunker newChunker) {
            this.chunker = newChunker;
            return this;
        }

        public Builder fetcher(UrlFetcher newFetcher) {
            this.fetcher = newFetcher;
            return this;
        }

        public Builder listener(KnowledgeListener listener) {
            listeners.add(listener);
            return this;
        }

        /** Where figures go: {@code ServerMetrics.sink()}, for example. */
        public Builder metrics(MetricSink sink) {
            this.metrics = sink;
            return this;
        }

        /** Stands around searches, and around what the model is asked for; {@code ServerTracing.work()} makes spans of them. */
        public Builder observer(WorkObserver newObserver) {
            this.observer = newObserver;
            return this;
        }

        public Builder clock(Clock newClock) {
            this.clock = newClock;
            return this;
        }

        /** @throws IllegalArgumentException if the store holds vectors and the model is missing or another */
        public KnowledgeBase build() {
            return new KnowledgeBase(this);
        }
    }
}
