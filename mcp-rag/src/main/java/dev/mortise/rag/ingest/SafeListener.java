package dev.mortise.rag.ingest;

import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a listener throws is its own affair: the document is in the store all the same. */
record SafeListener(IngestListener listener) implements IngestListener {
    private static final Logger LOG = LoggerFactory.getLogger(SafeListener.class);

    @Override
    public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
        safely(() -> listener.ingested(tenant, outcome, storedBytes));
    }

    @Override
    public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
        safely(() -> listener.deleted(tenant, document, storedBytes));
    }

    @Override
    public void embedded(Tenant tenant, String model, int texts, long tokens) {
        safely(() -> listener.embedded(tenant, model, texts, tokens));
    }

    private static void safely(Runnable notice) {
        try {
            notice.run();
        } catch (RuntimeException e) {
            LOG.warn("A listener to ingestion failed", e);
        }
    }
}
