package dev.mortise.rag.search;

import dev.mortise.rag.store.Tenant;

/** Finds passages. Thread-safe. Blocks, and may be called on virtual threads. */
public interface Searcher {
    /** @throws dev.mortise.mcp.store.StoreUnavailable when the store cannot be read */
    SearchResult search(Tenant tenant, SearchQuery query);
}
