package dev.mortise.rag.store;

/**
 * How much of a tenant is stored.
 *
 * @param bytes of the originals: {@link DocumentRecord#bytes} added up
 */
public record StoreStatistics(long documents, long chunks, long bytes) {}
