package dev.mortise.rag.store.lucene;

import dev.mortise.rag.store.StoreStatistics;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a tenant has, added up. Not thread-safe while it is.
 */
final class Holdings {
    private final Map<String, Long> collections = new TreeMap<>();
    private long documents;
    private long chunks;
    private long bytes;
    private long chunkTokens;
    private long wholeTokens;

    void add(String collection, long itsChunks, long itsBytes, long itsChunkTokens, long itsWholeTokens) {
        documents++;
        chunks += itsChunks;
        bytes += itsBytes;
        chunkTokens += itsChunkTokens;
        wholeTokens += itsWholeTokens;
        collections.merge(collection, 1L, Long::sum);
    }

    /** @param sign -1 to take them off */
    void add(Holdings other, int sign) {
        documents += sign * other.documents;
        chunks += sign * other.chunks;
        bytes += sign * other.bytes;
        chunkTokens += sign * other.chunkTokens;
        wholeTokens += sign * other.wholeTokens;
        other.collections.forEach((collection, count) -> collections.merge(collection, sign * count, Long::sum));
    }

    StoreStatistics statistics() {
        return new StoreStatistics(documents, chunks, bytes);
    }

    /** How many documents are in each that has any. */
    Map<String, Long> collections() {
        Map<String, Long> inUse = new TreeMap<>(collections);
        inUse.values().removeIf(count -> count == 0);
        return java.util.Collections.unmodifiableMap(inUse);
    }

    long documents() {
        return documents;
    }

    long chunks() {
        return chunks;
    }

    /** Of all chunks together. */
    long chunkTokens() {
        return chunkTokens;
    }

    /** Of all documents as wholes together. */
    long wholeTokens() {
        return wholeTokens;
    }
}
