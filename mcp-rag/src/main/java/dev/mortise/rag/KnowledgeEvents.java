package dev.mortise.rag;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;

/**
 * Tells clients of changes: those of the tenant, and no others; of a document, where its text is another; of a collection and
 * of the list, where documents came, went, or are shown otherwise.
 */
final class KnowledgeEvents implements KnowledgeListener {
    private final ServerEvents events;

    KnowledgeEvents(ServerEvents events) {
        this.events = events;
    }

    @Override
    public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
        if (outcome instanceof IngestOutcome.Stored stored) {
            if (stored.newText()) {
                updated(tenant, KnowledgeUris.of(stored.key()));
            }
            if (stored.newLabel()) {
                updated(tenant, KnowledgeUris.ofCollection(stored.key().collection()));
            }
        }
    }

    @Override
    public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
        updated(tenant, KnowledgeUris.of(document));
        updated(tenant, KnowledgeUris.ofCollection(document.collection()));
    }

    @Override
    public void documentsChanged(Tenant tenant) {
        publish(tenant, new ServerEvent.ResourcesChanged());
    }

    private void updated(Tenant tenant, String uri) {
        publish(tenant, new ServerEvent.ResourceUpdated(uri));
    }

    private void publish(Tenant tenant, ServerEvent event) {
        events.publish(new ServerEvent.ForTenant(tenant.equals(Tenant.NONE) ? null : tenant.name(), event));
    }
}
