package dev.mortise.rag.ingest;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.chunk.Chunker;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentRejected;
import dev.mortise.rag.document.DocumentRejected.Reason;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.embed.EmbeddingException;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.ingest.IngestListener.StoredBytes;
import dev.mortise.rag.internal.Interrupts;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.DocumentRecord;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes documents into a store: reads, cuts, embeds and stores them. What is there already in the same version is left
 * alone; what has changed is replaced at once; one document that fails is reported and the others go on. Thread-safe;
 * everything blocks, and an interrupt stops it: what was stored by then stays.
 *
 * <p>Two ingestors, in this process or another, that take the same document at the same moment both succeed, and the
 * later one's version stays.
 */
public final class Ingestor {
    private static final Logger LOG = LoggerFactory.getLogger(Ingestor.class);
    private static final int PAGE = 1000;
    private static final int FETCHES = 8;

    private final ChunkStore store;
    private final Intake intake;
    private final IngestListener listener;
    private final UrlFetcher fetcher;
    private final int maxBytes;
    private final int concurrency;
    private final InFlight inFlight;
    private final FetchSlots fetches = new FetchSlots(FETCHES);
    private final DocumentLocks locks = new DocumentLocks();

    private Ingestor(Builder builder) {
        this.store = builder.store;
        this.listener = new SafeListener(builder.listener);
        this.intake = new Intake(
                store,
                new StoreWriter(store),
                builder.reader,
                builder.chunker,
                builder.model,
                listener,
                builder.clock,
                builder.maxPassages);
        this.fetcher = builder.fetcher;
        this.maxBytes = builder.reader.maxBytes();
        this.concurrency = builder.concurrency;
        this.inFlight = new InFlight(builder.bytesInFlight);
    }

    public static Builder over(ChunkStore store) {
        return new Builder(store);
    }

    /** Takes in one document. */
    public IngestOutcome ingest(Tenant tenant, DocumentSource source) throws InterruptedException {
        return ingest(tenant, source.key(), source.bytes().length, () -> source);
    }

    /** Takes in many documents. */
    public IngestReport ingest(Tenant tenant, List<DocumentSource> sources, IngestProgress progress)
            throws InterruptedException {
        Tally tally = new Tally(sources.size(), progress);
        Crew.share(sources, concurrency, source -> tally.count(ingest(tenant, source)));
        return tally.report(0);
    }

    /**
     * Takes in the files of a folder and its folders, but not hidden ones, nor what links lead to. Each is named by its
     * path from the folder without the extension; of files that differ in their extensions only, the first by name has
     * that name, and the others keep theirs.
     *
     * @throws IOException if the folder cannot be listed
     */
    public IngestReport ingestFolder(Tenant tenant, String collection, Path folder, IngestProgress progress)
            throws IOException, InterruptedException {
        return ingest(tenant, new Folder(collection, folder), progress, false);
    }

    /**
     * As {@link #ingestFolder}, and then removes all documents of the collection that have no file in the folder;
     * but not those below a directory that could not be read, which is reported as a document that failed.
     */
    public IngestReport mirrorFolder(Tenant tenant, String collection, Path folder, IngestProgress progress)
            throws IOException, InterruptedException {
        return ingest(tenant, new Folder(collection, folder), progress, true);
    }

    /**
     * Fetches a document from the web, through the {@link UrlFetcher}, and takes it in. Eight are fetched at once, four of a
     * tenant; the others wait.
     */
    public IngestOutcome ingestUrl(Tenant tenant, DocumentKey key, URI url) throws InterruptedException {
        return reported(tenant, key, () -> {
            DocumentSource source;
            int taken;
            // Neither room nor lock is held for a host that takes its time.
            fetches.enter(tenant);
            try {
                source = fetcher.fetch(key, url);
                taken = inFlight.enter(source.bytes().length);
            } finally {
                fetches.leave(tenant);
            }
            try {
                return take(tenant, key, () -> source);
            } finally {
                inFlight.leave(taken);
            }
        });
    }

    /** @return whether there was such a document */
    public boolean delete(Tenant tenant, DocumentKey document) throws InterruptedException {
        ReentrantLock lock = locks.lock(tenant, document);
        try {
            Optional<DocumentRecord> there = store.document(tenant, document);
            stopIfInterrupted();
            // Once it has begun it takes place, and has to be told.
            boolean deleted = Interrupts.undisturbed(() -> store.delete(tenant, document));
            if (deleted) {
                long bytes = there.map(DocumentRecord::bytes).orElse(0L);
                Interrupts.later(() -> listener.deleted(tenant, document, new StoredBytes(bytes, 0)));
            }
            return deleted;
        } finally {
            lock.unlock();
        }
    }

    private IngestReport ingest(Tenant tenant, Folder folder, IngestProgress progress, boolean mirror)
            throws IOException, InterruptedException {
        return ingest(tenant, folder, folder.list(), progress, mirror);
    }

    /** @param listing of the folder, as somebody has seen it */
    IngestReport ingest(Tenant tenant, Folder folder, Folder.Listing listing, IngestProgress progress, boolean mirror)
            throws InterruptedException {
        List<Folder.Entry> entries = listing.entries();
        Tally tally = new Tally(entries.size(), progress);
        Crew.share(
                entries,
                concurrency,
                entry -> tally.count(
                        ingest(tenant, entry.key(), Folder.size(entry, maxBytes), () -> folder.read(entry, maxBytes))));
        return tally.report(mirror ? removeOthers(tenant, folder.collection(), listing) : 0);
    }

    private int removeOthers(Tenant tenant, String collection, Folder.Listing listing) throws InterruptedException {
        Predicate<DocumentKey> kept = listing.mayHaveAFile();
        int removed = 0;
        DocumentKey after = null;
        while (true) {
            List<DocumentRecord> page = store.documents(tenant, collection, after, PAGE);
            for (DocumentRecord document : page) {
                after = document.key();
                removed += !kept.test(after) && delete(tenant, after) ? 1 : 0;
            }
            if (page.size() < PAGE) {
                return removed;
            }
        }
    }

    /** Where a document's bytes come from. */
    private interface Origin {
        DocumentSource open() throws DocumentRejected, InterruptedException;
    }

    /** What is done with a document. */
    private interface Work {
        IngestOutcome done() throws DocumentRejected, InterruptedException;
    }

    private IngestOutcome ingest(Tenant tenant, DocumentKey key, long bytes, Origin origin)
            throws InterruptedException {
        return reported(tenant, key, () -> {
            // The room comes first: who holds a document's lock never waits for others' room.
            int taken = inFlight.enter(bytes);
            try {
                return take(tenant, key, origin);
            } finally {
                inFlight.leave(taken);
            }
        });
    }

    private IngestOutcome take(Tenant tenant, DocumentKey key, Origin origin)
            throws DocumentRejected, InterruptedException {
        ReentrantLock lock = locks.lock(tenant, key);
        try {
            return intake.take(tenant, origin.open());
        } finally {
            lock.unlock();
        }
    }

    /** Whatever goes wrong with one document. */
    private IngestOutcome reported(Tenant tenant, DocumentKey key, Work work) throws InterruptedException {
        try {
            return work.done();
        } catch (DocumentRejected e) {
            return failed(tenant, key, e.reason(), String.valueOf(e.getMessage()));
        } catch (EmbeddingException e) {
            stopIfInterrupted();
            LOG.warn("{} was not embedded", key, e);
            return failed(tenant, key, Reason.UNAVAILABLE, "The embedding model did not answer with vectors");
        } catch (StoreUnavailable e) {
            stopIfInterrupted();
            LOG.warn("{} was not stored", key, e);
            return failed(tenant, key, Reason.UNAVAILABLE, "The store could not be written");
        } catch (RuntimeException | StackOverflowError e) {
            stopIfInterrupted();
            LOG.warn("{} was not taken in", key, e);
            return failed(tenant, key, Reason.BROKEN, "It could not be processed");
        } catch (OutOfMemoryError e) {
            // What the document took is free again; the others may well fit.
            LOG.warn("There was not enough memory to take in {}", key, e);
            return failed(tenant, key, Reason.UNAVAILABLE, "There was not enough memory to take it in");
        }
    }

    private static void stopIfInterrupted() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("Ingestion was stopped");
        }
    }

    private IngestOutcome failed(Tenant tenant, DocumentKey key, Reason reason, String message) {
        IngestOutcome outcome = new IngestOutcome.Failed(key, reason, message);
        listener.ingested(tenant, outcome, new StoredBytes(0, 0));
        return outcome;
    }

    /** Holds the bytes of all documents that are worked on to a bound: their texts and vectors take a multiple. */
    private static final class InFlight {
        private static final int UNIT = 1024;
        private final int units;
        private final Semaphore room;

        InFlight(long bytes) {
            units = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT));
            // Fair: a large document does not wait for ever for small ones.
            room = new Semaphore(units, true);
        }

        int enter(long bytes) throws InterruptedException {
            // One that is larger than the bound goes alone.
            int needed = Math.clamp(bytes / UNIT + 1, 1, units);
            room.acquire(needed);
            return needed;
        }

        void leave(int taken) {
            room.release(taken);
        }
    }

    /** Composes an {@link Ingestor}. Not thread-safe. */
    public static final class Builder {
        private final ChunkStore store;
        private @Nullable EmbeddingModel model;
        private DocumentReader reader = DocumentReader.standard();
        private Chunker chunker = Chunker.standard();
        private IngestListener listener = IngestListener.NONE;
        private UrlFetcher fetcher = UrlFetcher.standard();
        private Clock clock = Clock.systemUTC();
        private int concurrency = 4;
        private int maxPassages = 50_000;
        private long bytesInFlight = 64L * 1024 * 1024;

        private Builder(ChunkStore store) {
            this.store = store;
        }

        /** Has to be the model whose vectors the store holds. */
        public Builder model(EmbeddingModel embeds) {
            this.model = embeds;
            return this;
        }

        public Builder reader(DocumentReader reads) {
            this.reader = reads;
            return this;
        }

        public Builder chunker(Chunker cuts) {
            this.chunker = cuts;
            return this;
        }

        public Builder listener(IngestListener hears) {
            this.listener = hears;
            return this;
        }

        public Builder fetcher(UrlFetcher fetches) {
            this.fetcher = fetches;
            return this;
        }

        public Builder clock(Clock tells) {
            this.clock = tells;
            return this;
        }

        /** @param documents how many of a folder or a list are worked on at once, 1 to 64; 4 unless set */
        public Builder concurrency(int documents) {
            if (documents < 1 || documents > 64) {
                throw new IllegalArgumentException("1 to 64 documents are worked on at once, not " + documents);
            }
            this.concurrency = documents;
            return this;
        }

        /** @param passages the most that one document may have; 50,000 unless set */
        public Builder maxPassages(int passages) {
            this.maxPassages = passages;
            return this;
        }

        /** @param bytes of all documents together that are worked on at once, by all callers; 64 MiB unless set */
        public Builder bytesInFlight(long bytes) {
            this.bytesInFlight = bytes;
            return this;
        }

        /** @throws IllegalArgumentException if the store holds vectors and the model is missing or another */
        public Ingestor build() {
            Optional<VectorSpace> held = store.vectors();
            Optional<VectorSpace> made = Optional.ofNullable(model).map(VectorSpace::of);
            if (!held.equals(made)) {
                throw new IllegalArgumentException("The store holds vectors of " + described(held)
                        + ", but the ingestor would make those of " + described(made));
            }
            return new Ingestor(this);
        }

        private static String described(Optional<VectorSpace> space) {
            return space.map(each -> each.model() + " with " + each.dimensions() + " dimensions")
                    .orElse("no model");
        }
    }
}
