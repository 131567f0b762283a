package dev.mortise.rag;

import dev.mortise.rag.ingest.IngestListener;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.search.SearchResult;
import dev.mortise.rag.store.Tenant;
import java.time.Duration;

/**
 * Hears what happens in a {@link KnowledgeBase} and what it took: stored bytes, texts that a model embedded, searches. For
 * billing, metrics and notifications. Thread-safe; called on the thread that does the work, after it is done. What it
 * throws is logged and changes nothing.
 */
public interface KnowledgeListener extends IngestListener {
    /**
     * Something was looked for. {@link SearchResult#embedded} says whether a model was asked for the vector of the query;
     * {@link #embedded} is not told of it.
     */
    default void searched(Tenant tenant, SearchQuery query, SearchResult result, Duration took) {}

    /** Documents have come or gone, or have another title or type; told once for many together, and never for none. */
    default void documentsChanged(Tenant tenant) {}
}
