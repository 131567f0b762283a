package dev.mortise.rag.store.lucene;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.internal.StoreArguments;
import dev.mortise.rag.store.Chunk;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentChunks;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Filter;
import dev.mortise.rag.store.ScoredChunk;
import dev.mortise.rag.store.StoreStatistics;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.lucene.index.Term;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;

/**
 * A store in a folder of this machine that one process owns. What is written is on disk, and synced, before a method
 * returns; changes that come at the same time share that cost. Reads go on meanwhile, each on the state it found.
 */
public final class LuceneChunkStore implements ChunkStore {
    private final Optional<VectorSpace> vectors;
    private final LuceneIndex index;
    private final ConcurrentHashMap<Tenant, Long> generations = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong(System.nanoTime());
    private final long opened = generation.get();
    private final PlanCounts plans = new PlanCounts();
    private volatile int beam;

    private LuceneChunkStore(Directory directory, Optional<VectorSpace> vectors) {
        this.vectors = vectors;
        vectors.ifPresent(space -> Simd.warnOnce());
        try {
            this.index = new LuceneIndex(directory, vectors, this::changed);
        } catch (LockObtainFailedException e) {
            throw new StoreUnavailable(
                    "The index of documents, which another process has open,",
                    "The index is open in another process",
                    e);
        } catch (IOException e) {
            throw new StoreUnavailable("The index cannot be opened", e);
        }
    }

    /**
     * The index in this folder, which is made if there is none.
     *
     * @param vectors what it holds; {@code null} for words only
     * @throws IllegalArgumentException if there is one with other vectors, or of a release that laid it out otherwise: index
     *     the documents anew, in another folder
     * @throws StoreUnavailable if it cannot be read, or another process has it open
     */
    public static LuceneChunkStore in(Path folder, @Nullable VectorSpace vectors) {
        try {
            return new LuceneChunkStore(FSDirectory.open(folder), Optional.ofNullable(vectors));
        } catch (IOException e) {
            throw new StoreUnavailable("The folder of the index cannot be opened", e);
        }
    }

    /** An index that ends with the process. */
    public static LuceneChunkStore inMemory(@Nullable VectorSpace vectors) {
        return new LuceneChunkStore(new ByteBuffersDirectory(), Optional.ofNullable(vectors));
    }

    @Override
    public Optional<VectorSpace> vectors() {
        return vectors;
    }

    @Override
    public void replace(Tenant tenant, List<DocumentChunks> documents) {
        StoreArguments.check(vectors, documents);
        Map<String, Entries> blocks = new LinkedHashMap<>();
        for (DocumentChunks document : documents) {
            blocks.put(Fields.key(tenant, document.document().key()), Entries.of(tenant, document));
        }
        if (!blocks.isEmpty()) {
            index.change(tenant, writer -> {
                for (Map.Entry<String, Entries> block : blocks.entrySet()) {
                    writer.updateDocuments(new Term(Fields.KEY, block.getKey()), block.getValue());
                }
            });
        }
    }

    private void changed(Tenant tenant) {
        generations.put(tenant, generation.incrementAndGet());
    }

    @Override
    public boolean delete(Tenant tenant, DocumentKey document) {
        boolean existed = document(tenant, document).isPresent();
        index.change(tenant, writer -> writer.deleteDocuments(new Term(Fields.KEY, Fields.key(tenant, document))));
        return existed;
    }

    @Override
    public Optional<DocumentRecord> document(Tenant tenant, DocumentKey document) {
        return index.read(searcher -> {
            int entry = Lookup.whole(searcher, tenant, document);
            return entry < 0 ? Optional.empty() : Optional.of(Stored.document(searcher, entry));
        });
    }

    @Override
    public Optional<String> text(Tenant tenant, DocumentKey document) {
        return index.read(searcher -> {
            int entry = Lookup.whole(searcher, tenant, document);
            return entry < 0 ? Optional.empty() : Optional.of(Stored.text(searcher, entry));
        });
    }

    @Override
    public List<Chunk> chunks(Tenant tenant, DocumentKey document) {
        return index.read(searcher -> {
            List<Integer> entries = Lookup.chunks(searcher, tenant, document);
            return Stored.chunks(
                    searcher, entries.stream().mapToInt(Integer::intValue).toArray());
        });
    }

    @Override
    public List<DocumentRecord> documents(
            Tenant tenant, @Nullable String collection, @Nullable DocumentKey after, int limit) {
        StoreArguments.checkLimit(limit);
        return index.read(searcher -> Lookup.documents(searcher, tenant, collection, after, limit));
    }

    @Override
    public Map<String, Long> collections(Tenant tenant) {
        return index.read(searcher -> searcher.catalogue().of(tenant).collections());
    }

    @Override
    public StoreStatistics statistics(Tenant tenant) {
        return index.read(searcher -> searcher.catalogue().of(tenant).statistics());
    }

    @Override
    public List<ScoredChunk> matching(Tenant tenant, String text, Filter filter, int limit) {
        StoreArguments.checkLimit(limit);
        return index.read(searcher -> {
            Map<String, Float> terms = QueryTerms.of(searcher, tenant, text);
            return new LexicalSearch(searcher, tenant, filter).search(terms, limit);
        });
    }

    @Override
    public List<ScoredChunk> nearest(Tenant tenant, float[] vector, Filter filter, int limit) {
        StoreArguments.checkLimit(limit);
        StoreArguments.check(vectors, vector);
        return index.read(searcher -> new VectorSearch(searcher, tenant, filter, beam, plans).search(vector, limit));
    }

    /**
     * How many chunks a walk of the graph keeps in view, if the limit of a query is not more. More find more of the nearest,
     * and take longer. Unless set, 64, or twice the limit if that is more; may be set while searches go on, for those that
     * follow.
     *
     * @param candidates 10 to 10,000
     */
    public LuceneChunkStore beam(int candidates) {
        if (candidates < 10 || candidates > 10_000) {
            throw new IllegalArgumentException("A beam is 10 to 10,000 wide, not " + candidates);
        }
        beam = candidates;
        return this;
    }

    /**
     * Makes one segment of all, if there are more, which is what searches are fastest on. Takes as long as indexing the vectors
     * anew does; changes wait meanwhile, and so does closing the store, but searches do not. For a bulk load or a maintenance window: otherwise merges go on by themselves.
     */
    public void compact() {
        index.merge();
    }

    PlanCounts plans() {
        return plans;
    }

    @Override
    public Map<Chunk.Id, float[]> vectorsOf(Tenant tenant, List<Chunk.Id> chunks) {
        return index.read(searcher -> Lookup.vectors(searcher, tenant, chunks));
    }

    @Override
    public long generation(Tenant tenant) {
        return generations.getOrDefault(tenant, opened);
    }

    @Override
    public Optional<String> trouble() {
        return index.trouble();
    }

    @Override
    public long sizeOnDisk() {
        return index.size();
    }

    @Override
    public void close() {
        index.close();
    }
}
