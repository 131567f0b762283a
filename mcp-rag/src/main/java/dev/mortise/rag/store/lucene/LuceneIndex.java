package dev.mortise.rag.store.lucene;

import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The writer, the thread it works on, and the state that searches see. */
final class LuceneIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LuceneIndex.class);
    private static final String MODEL = "model";
    private static final String DIMENSIONS = "dimensions";

    /** How documents are made into entries, and vectors into files. */
    private static final String LAYOUT = "layout";

    private static final String OURS = "3";
    private static final double BUFFER_MEGABYTES = 128;

    /** Reads the index. */
    interface Reading<T> {
        T read(Snapshot snapshot) throws IOException;
    }

    /** Changes the index. */
    interface Writing {
        void write(IndexWriter writer) throws IOException;
    }

    private final Directory directory;
    private final IndexWriter writer;
    private final SearcherManager searchers;
    private final SegmentCounts counts = new SegmentCounts();
    private final WriteLoop loop;

    /** @param changed is told whose documents may be others than before, after they are */
    LuceneIndex(Directory directory, Optional<VectorSpace> vectors, Consumer<Tenant> changed) throws IOException {
        this.directory = directory;
        try {
            this.writer = new IndexWriter(directory, configuration());
            try {
                bind(vectors);
                this.searchers = new SearcherManager(writer, new Snapshots(counts));
            } catch (IOException | RuntimeException e) {
                writer.rollback();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            directory.close();
            throw e;
        }
        this.loop = new WriteLoop("mortise-index", this::publish, changed);
    }

    private IndexWriterConfig configuration() {
        TieredMergePolicy merges = new TieredMergePolicy();
        // As few segments as can be: each costs a search a walk of its own. A merge goes on from the largest one's
        // graph.
        merges.setSegmentsPerTier(2);
        merges.setFloorSegmentMB(16);
        merges.setMaxMergedSegmentMB(64 * 1024);
        merges.setDeletesPctAllowed(20);
        ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
        scheduler.setMaxMergesAndThreads(6, 1);
        IndexWriterConfig configuration = new IndexWriterConfig(null);
        configuration.setCodec(new ChunkCodec());
        configuration.setSimilarity(new TermSimilarity());
        configuration.setMergePolicy(merges);
        configuration.setMergeScheduler(scheduler);
        configuration.setMergedSegmentWarmer(counts::made);
        configuration.setRAMBufferSizeMB(BUFFER_MEGABYTES);
        configuration.setCommitOnClose(false);
        return configuration;
    }

    /** A new index is bound to its vectors with its first commit. */
    private void bind(Optional<VectorSpace> vectors) throws IOException {
        Map<String, String> wanted = new HashMap<>();
        wanted.put(MODEL, vectors.map(VectorSpace::model).orElse(""));
        wanted.put(
                DIMENSIONS, String.valueOf(vectors.map(VectorSpace::dimensions).orElse(0)));
        wanted.put(LAYOUT, OURS);
        Map<String, String> known = new HashMap<>();
        Iterable<Map.Entry<String, String>> data = writer.getLiveCommitData();
        if (data != null) {
            data.forEach(entry -> known.put(entry.getKey(), entry.getValue()));
        }
        if (known.isEmpty()) {
            writer.setLiveCommitData(wanted.entrySet());
            writer.commit();
        } else if (!OURS.equals(known.get(LAYOUT))) {
            throw new IllegalArgumentException("The index was made by another release, which laid it out otherwise:"
                    + " index the documents anew, in another folder");
        } else if (!known.equals(wanted)) {
            throw new IllegalArgumentException("The index holds vectors of the model '" + known.get(MODEL) + "' with "
                    + known.get(DIMENSIONS) + " dimensions, and not of '" + wanted.get(MODEL) + "' with "
                    + wanted.get(DIMENSIONS) + ": index the documents anew, in another folder");
        }
    }

    /** Returns when the change is durable and visible. */
    void change(Tenant tenant, Writing writing) {
        loop.perform(tenant, () -> writing.write(writer));
    }

    private void publish() throws IOException {
        writer.commit();
        searchers.maybeRefreshBlocking();
    }

    <T> T read(Reading<T> reading) {
        try {
            IndexSearcher searcher = searchers.acquire();
            try {
                return reading.read((Snapshot) searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (AlreadyClosedException e) {
            throw new StoreUnavailable("The index is closed", e);
        } catch (IOException | java.io.UncheckedIOException e) {
            throw new StoreUnavailable("The index cannot be read", e);
        }
    }

    Optional<String> trouble() {
        Throwable tragedy = writer.getTragicException();
        if (tragedy != null) {
            return Optional.of(
                    "the index stopped writing: " + tragedy.getClass().getSimpleName());
        }
        return writer.isOpen() ? Optional.empty() : Optional.of("the index is closed");
    }

    long size() {
        try {
            long size = 0;
            for (String file : directory.listAll()) {
                size += size(file);
            }
            return size;
        } catch (IOException e) {
            throw new StoreUnavailable("The index cannot be read", e);
        }
    }

    private long size(String file) throws IOException {
        try {
            return directory.fileLength(file);
        } catch (NoSuchFileException | FileNotFoundException e) {
            // Merged away since it was listed.
            return 0;
        }
    }

    /** For a test, or a maintenance window: one segment. */
    void merge() {
        loop.perform(null, () -> writer.forceMerge(1));
    }

    @Override
    public void close() {
        loop.close();
        try {
            searchers.close();
            if (writer.isOpen()) {
                writer.rollback();
            }
            directory.close();
        } catch (IOException e) {
            LOG.warn("The index could not be closed in order; nothing that was acknowledged is lost", e);
        }
    }

    private static final class Snapshots extends SearcherFactory {
        private final SegmentCounts counts;

        Snapshots(SegmentCounts counts) {
            this.counts = counts;
        }

        @Override
        public IndexSearcher newSearcher(IndexReader reader, IndexReader previous) throws IOException {
            return new Snapshot(reader, counts.of(reader));
        }
    }
}
