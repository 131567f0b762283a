package dev.mortise.rag.ingest;

import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;

/**
 * Hears what changes in the store and what it took: for billing, metrics and notifications. Thread-safe; called on the
 * thread that ingests, after the store has acknowledged. What it throws is logged and changes nothing.
 */
public interface IngestListener {
    /** Hears nothing. */
    IngestListener NONE = new IngestListener() {};

    /**
     * A document's outcome.
     *
     * @param storedBytes what the tenant's document takes now, and took before: both 0 where nothing changed
     */
    default void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {}

    /** A document is gone. */
    default void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {}

    /**
     * A model was asked. Answers out of a cache are not reported.
     *
     * @param model its id
     * @param texts how many
     * @param tokens as the chunker counts them
     */
    default void embedded(Tenant tenant, String model, int texts, long tokens) {}

    /** How a document's share of the tenant's stored bytes changes. */
    record StoredBytes(long before, long after) {
        /** What the tenant's total grows by; negative where it shrinks. */
        public long delta() {
            return after - before;
        }
    }
}
