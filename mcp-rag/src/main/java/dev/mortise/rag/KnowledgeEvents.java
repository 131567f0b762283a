package dev.mortise.rag;

import dev.mortise.mcp.server.ServerEvent;
import dev.mortise.mcp.server.ServerEvents;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;

/** Tells clients of changes: those of the tenant, and no others. */
final class KnowledgeEvents implements KnowledgeListener {
    private final ServerEvents events;

    KnowledgeEvents(ServerEvents events) {
        this.events = events;
    }

    @Override
    public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
        if (outcome instanceof IngestOutcome.Stored stored) {
            updated(tenant, stored.key());
        }
    }

    @Override
    public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
        updated(tenant, document);
    }

    @Override
    public void documentsChanged(Tenant tenant) {
        publish(tenant, new ServerEvent.ResourcesChanged());
    }

    private void updated(Tenant tenant, DocumentKey key) {
        publish(tenant, new ServerEvent.ResourceUpdated(KnowledgeUris.of(key)));
        publish(tenant, new ServerEvent.ResourceUpdated(KnowledgeUris.ofCollection(key.collection())));
    }

    private void publish(Tenant tenant, ServerEvent event) {
        events.publish(new ServerEvent.ForTenant(tenant.equals(Tenant.NONE) ? null : tenant.name(), event));
    }
}
