package dev.mortise.rag.store;

/**
 * A chunk that one way of looking found.
 *
 * @param score the higher the better; comparable within one answer only. Of {@link ChunkStore#nearest}, the cosine
 */
public record ScoredChunk(Chunk chunk, float score) {}
