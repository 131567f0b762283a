package dev.mortise.rag;

import dev.mortise.mcp.observe.BackgroundGauge;
import dev.mortise.mcp.observe.MetricNames;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.rag.embed.CachedEmbeddings;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.search.SearchResult;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.time.Duration;
import java.util.Map;
import java.util.function.DoubleConsumer;
import java.util.function.LongConsumer;

/** The figures of one knowledge base; no label tells of a tenant or a document. */
final class KnowledgeMetrics implements KnowledgeListener {
    /** Counter by base and outcome ({@code stored}, {@code unchanged}, {@code failed}, {@code deleted}): documents. */
    static final String DOCUMENTS = "rag.documents";

    /** Counter by base and source ({@code index}, {@code cache}, {@code words}: a model was away): searches. */
    static final String QUERIES = "rag.queries";

    /** Counter by base: texts that a model has turned into vectors. */
    static final String EMBEDDED = "rag.embedded.texts";

    /** Total by base and source ({@code process}, {@code redis}, {@code model}): where a cache found its vectors. */
    static final String VECTORS = "rag.embedding.vectors";

    /** Gauge by base: bytes on disk. */
    static final String INDEX_SIZE = "rag.index.size.bytes";

    private final DoubleConsumer took;
    private final LongConsumer stored;
    private final LongConsumer unchanged;
    private final LongConsumer failed;
    private final LongConsumer deleted;
    private final LongConsumer fromIndex;
    private final LongConsumer fromCache;
    private final LongConsumer byWords;
    private final LongConsumer embedded;

    KnowledgeMetrics(String base, ChunkStore store, MetricSink sink) {
        took = sink.histogram(MetricNames.RAG_QUERY_PERFORMANCE, Map.of("base", base));
        stored = sink.counter(DOCUMENTS, Map.of("base", base, "outcome", "stored"));
        unchanged = sink.counter(DOCUMENTS, Map.of("base", base, "outcome", "unchanged"));
        failed = sink.counter(DOCUMENTS, Map.of("base", base, "outcome", "failed"));
        deleted = sink.counter(DOCUMENTS, Map.of("base", base, "outcome", "deleted"));
        fromIndex = sink.counter(QUERIES, Map.of("base", base, "source", "index"));
        fromCache = sink.counter(QUERIES, Map.of("base", base, "source", "cache"));
        byWords = sink.counter(QUERIES, Map.of("base", base, "source", "words"));
        embedded = sink.counter(EMBEDDED, Map.of("base", base));
        sink.gauge(INDEX_SIZE, Map.of("base", base), BackgroundGauge.of(store::sizeOnDisk));
    }

    /** How often the vectors of a model came out of its cache. */
    static void show(CachedEmbeddings cache, String base, MetricSink sink) {
        sink.total(
                VECTORS,
                Map.of("base", base, "source", "process"),
                () -> cache.statistics().nearHits());
        sink.total(
                VECTORS,
                Map.of("base", base, "source", "redis"),
                () -> cache.statistics().sharedHits());
        sink.total(
                VECTORS,
                Map.of("base", base, "source", "model"),
                () -> cache.statistics().misses());
    }

    @Override
    public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
        switch (outcome) {
            case IngestOutcome.Stored done -> stored.accept(1);
            case IngestOutcome.Unchanged same -> unchanged.accept(1);
            case IngestOutcome.Failed why -> failed.accept(1);
        }
    }

    @Override
    public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
        deleted.accept(1);
    }

    @Override
    public void embedded(Tenant tenant, String model, int texts, long tokens) {
        embedded.accept(texts);
    }

    @Override
    public void searched(Tenant tenant, SearchQuery query, SearchResult result, Duration duration) {
        took.accept(duration.toNanos() / 1e9);
        if (result.embedded() > 0) {
            embedded.accept(result.embedded());
        }
        if (result.cached()) {
            fromCache.accept(1);
        } else if (result.degraded()) {
            byWords.accept(1);
        } else {
            fromIndex.accept(1);
        }
    }
}
