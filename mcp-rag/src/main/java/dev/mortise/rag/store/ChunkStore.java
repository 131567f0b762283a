package dev.mortise.rag.store;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps documents as chunks, and finds chunks by words and by vectors. Thread-safe. Methods block and may be called on
 * virtual threads.
 *
 * <p>A document is replaced at once: whoever reads sees all of the old version or all of the new one. What a method that
 * writes has returned from, survives the death of the process; what it has not may be there or not, but never in part. What
 * was written is found by whatever is asked after the method returned.
 *
 * <p>No method can see or change what belongs to a tenant other than its argument.
 */
public interface ChunkStore extends AutoCloseable {
    /** The vectors that this store holds; empty for a store that looks by words only. */
    Optional<VectorSpace> vectors();

    /**
     * Stores these documents, each in the place of the one with its key, if there is one. Several at once cost little more
     * than one.
     *
     * @throws IllegalArgumentException for a vector that is missing, or not of this store's space
     * @throws dev.mortise.mcp.store.StoreUnavailable when it cannot be written
     */
    void replace(Tenant tenant, List<DocumentChunks> documents);

    default void replace(Tenant tenant, DocumentChunks document) {
        replace(tenant, List.of(document));
    }

    /** @return whether there was one */
    boolean delete(Tenant tenant, DocumentKey document);

    Optional<DocumentRecord> document(Tenant tenant, DocumentKey document);

    /** The whole text, as it was given. */
    Optional<String> text(Tenant tenant, DocumentKey document);

    /** The chunks of the document in their order; empty when there is no such document. */
    List<Chunk> chunks(Tenant tenant, DocumentKey document);

    /**
     * Documents in the order of their keys.
     *
     * @param collection only of this one; null for those of all
     * @param after only those behind this key, which need not exist; null for the beginning
     * @param limit at most this many, 1 to 1000
     */
    List<DocumentRecord> documents(Tenant tenant, @Nullable String collection, @Nullable DocumentKey after, int limit);

    /** The collections that have documents, and how many, in the order of their names. */
    Map<String, Long> collections(Tenant tenant);

    StoreStatistics statistics(Tenant tenant);

    /**
     * Chunks that have words of the text, best first. What is a word, and which are alike, is the store's concern: it knows
     * English, Chinese, identifiers of code, and forgives typing errors.
     *
     * @param limit at most this many, 1 to 1000
     */
    List<ScoredChunk> matching(Tenant tenant, String text, Filter filter, int limit);

    /**
     * Chunks whose vectors are nearest to this one, nearest first, scored by the cosine.
     *
     * @param vector of length one
     * @param limit at most this many, 1 to 1000
     * @throws IllegalArgumentException when it is not of this store's space
     */
    List<ScoredChunk> nearest(Tenant tenant, float[] vector, Filter filter, int limit);

    /**
     * The vectors of these chunks, by their ids; of those that are still there. For comparing results with each other.
     */
    Map<Chunk.Id, float[]> vectorsOf(Tenant tenant, List<Chunk.Id> chunks);

    /**
     * Changes whenever what the tenant can find may have changed, by whichever process: what is remembered of another
     * generation is stale.
     */
    long generation(Tenant tenant);

    /** Whether it can be written just now; empty if so, else why not. */
    Optional<String> trouble();

    /** Bytes on disk, of all tenants together. */
    long sizeOnDisk();

    @Override
    void close();
}
