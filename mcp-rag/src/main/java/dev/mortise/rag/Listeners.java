package dev.mortise.rag;

import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.search.SearchResult;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All who listen; one that throws keeps neither the others nor the work from going on. */
final class Listeners implements KnowledgeListener {
    private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

    private final List<KnowledgeListener> all = new CopyOnWriteArrayList<>();

    void add(KnowledgeListener listener) {
        all.add(listener);
    }

    void remove(KnowledgeListener listener) {
        all.remove(listener);
    }

    private void each(Consumer<KnowledgeListener> tell) {
        for (KnowledgeListener listener : all) {
            try {
                tell.accept(listener);
            } catch (RuntimeException e) {
                LOG.warn("A listener of a knowledge base failed", e);
            }
        }
    }

    @Override
    public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
        each(listener -> listener.ingested(tenant, outcome, storedBytes));
    }

    @Override
    public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
        each(listener -> listener.deleted(tenant, document, storedBytes));
    }

    @Override
    public void embedded(Tenant tenant, String model, int texts, long tokens) {
        each(listener -> listener.embedded(tenant, model, texts, tokens));
    }

    @Override
    public void searched(Tenant tenant, SearchQuery query, SearchResult result, Duration took) {
        each(listener -> listener.searched(tenant, query, result, took));
    }

    @Override
    public void documentsChanged(Tenant tenant) {
        each(listener -> listener.documentsChanged(tenant));
    }
}
