package dev.mortise.examples.production.knowledge;

import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.mcp.store.StoreUnavailable;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.embed.EmbeddingException;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import dev.mortise.rag.store.postgres.PostgresChunkStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.Lock;
import org.apache.lucene.store.LockObtainFailedException;
import org.jspecify.annotations.Nullable;

/** The documents of all tenants, where they are kept, and what is offered of them. */
public final class Library implements McpServer.Plugin, AutoCloseable {
    /** The folder of the index, in the data folder. */
    public static final String INDEX = "index";

    /** What a process does with documents. */
    public enum Use {
        /** Has the index for as long as it lives. */
        SERVES,
        /** As that; but where another process has it, that is to do the work, and is not waited for. */
        WORKS,
        /** Has it now and then: others may want it, too. */
        SHARES
    }

    /** A desktop client gives it back within a second. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration IMPATIENCE = Duration.ofSeconds(1);
    private static final long BETWEEN_TRIES_MILLIS = 100;

    private final KnowledgeBase base;
    private final KnowledgeOffer offer;
    private final @Nullable LeasedIndex leased;
    private final @Nullable EmbeddingModel model;

    private Library(
            KnowledgeBase base, KnowledgeOffer offer, @Nullable LeasedIndex leased, @Nullable EmbeddingModel model) {
        this.base = base;
        this.offer = offer;
        this.leased = leased;
        this.model = model;
    }

    /** @throws IOException if the index cannot be opened, in words for whoever runs this */
    public static Library open(Settings settings, Stores stores, Use use, MetricSink metrics, WorkObserver observer)
            throws IOException {
        Optional<EmbeddingModel> model = Embeddings.of(settings, stores);
        Optional<VectorSpace> vectors = model.map(VectorSpace::of);
        LeasedIndex leased = null;
        ChunkStore store;
        try {
            if (settings.isReplicated()) {
                PostgresChunkStore.Builder shared = PostgresChunkStore.over(stores.dataSource("documents"));
                vectors.ifPresent(shared::vectors);
                store = shared.migrate();
            } else {
                Path index = stores.folder().orElseThrow().folder(INDEX);
                Supplier<ChunkStore> opener = () -> LuceneChunkStore.in(index, vectors.orElse(null));
                leased = use == Use.SHARES ? new LeasedIndex(opener, vectors) : null;
                store = leased == null ? taken(opener, use == Use.SERVES ? PATIENCE : IMPATIENCE, index) : leased;
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "EMBEDDINGS_URL, EMBEDDINGS_MODEL or EMBEDDINGS_DIMENSIONS was changed. " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new IOException("DATABASE_URL leads to a database that cannot hold documents: " + e.getMessage(), e);
        }
        KnowledgeBase.Builder base = KnowledgeBase.over(store).metrics(metrics).observer(observer);
        model.ifPresent(base::model);
        return new Library(base.build(), new KnowledgeOffer(settings), leased, model.orElse(null));
    }

    private static ChunkStore taken(Supplier<ChunkStore> opener, Duration patience, Path index) {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return opener.get();
            } catch (StoreUnavailable e) {
                if (!(e.getCause() instanceof LockObtainFailedException)) {
                    throw e;
                }
                if (System.nanoTime() >= end) {
                    throw new StoreUnavailable(
                            "The documents in " + index
                                    + " are open in another process of this server: stop that first, or"
                                    + " set another MORTISE_DATA",
                            e);
                }
            }
            try {
                Thread.sleep(BETWEEN_TRIES_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StoreUnavailable("Interrupted while the index was waited for", e);
            }
        }
    }

    /** Whether a process has the index of a data folder open just now. Nothing is made where there is none. */
    public static boolean isOpen(Path data) throws IOException {
        Path index = data.resolve(INDEX);
        if (!Files.isDirectory(index)) {
            return false;
        }
        try (Directory directory = FSDirectory.open(index);
                Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
            lock.ensureValid();
            return false;
        } catch (LockObtainFailedException e) {
            return true;
        }
    }

    public KnowledgeBase base() {
        return base;
    }

    /** Whether another process of this machine has the index just now. */
    public boolean isElsewhere() {
        return leased != null && !leased.isAvailable();
    }

    /**
     * Has the model that is set embed a word.
     *
     * @return what it is
     * @throws IOException if it does not
     */
    public String tryModel() throws IOException {
        if (model == null) {
            return "none";
        }
        try {
            model.embed(List.of("word"), EmbeddingModel.Use.QUERY);
            return model.id();
        } catch (EmbeddingException e) {
            throw new IOException("the model does not answer: " + e.getMessage(), e);
        }
    }

    @Override
    public void install(McpServerBuilder builder) {
        if (leased != null) {
            builder.intercept(Stage.EXTEND, new Elsewhere(leased));
        }
        offer.install(builder, base);
    }

    @Override
    public void close() {
        base.close();
    }
}
