package dev.mortise.examples.production.knowledge;

import dev.mortise.examples.production.settings.Settings;
import dev.mortise.examples.production.storage.DataFolder;
import dev.mortise.examples.production.storage.Stores;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Stage;
import dev.mortise.mcp.observe.MetricSink;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The documents of all tenants, where they are kept, and what is offered of them. */
public final class Library implements McpServer.Plugin, AutoCloseable {
    /** The folder of the index, in the data folder. */
    public static final String INDEX = "index";

    /** What a process does with documents. */
    public enum Use {
        /** Has the index for as long as it lives. */
        SERVES,
        /** Has it now and then: others may want it, too. */
        SHARES
    }

    private final KnowledgeBase base;
    private final KnowledgeOffer offer;
    private final @Nullable LeasedIndex leased;

    private Library(KnowledgeBase base, KnowledgeOffer offer, @Nullable LeasedIndex leased) {
        this.base = base;
        this.offer = offer;
        this.leased = leased;
    }

    /** @throws IOException if the index cannot be opened, in words for whoever runs this */
    public static Library open(Settings settings, Stores stores, Use use, MetricSink metrics) throws IOException {
        Optional<EmbeddingModel> model = Embeddings.of(settings, stores);
        Optional<VectorSpace> vectors = model.map(VectorSpace::of);
        LeasedIndex leased = null;
        ChunkStore store;
        try {
            Path index = folder(settings, stores);
            if (use == Use.SHARES) {
                leased = new LeasedIndex(() -> LuceneChunkStore.in(index, vectors.orElse(null)), vectors);
                store = leased;
            } else {
                store = LuceneChunkStore.in(index, vectors.orElse(null));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "EMBEDDINGS_URL, EMBEDDINGS_MODEL or EMBEDDINGS_DIMENSIONS was changed. " + e.getMessage(), e);
        }
        KnowledgeBase.Builder base = KnowledgeBase.over(store).metrics(metrics);
        model.ifPresent(base::model);
        return new Library(base.build(), new KnowledgeOffer(settings), leased);
    }

    private static Path folder(Settings settings, Stores stores) throws IOException {
        return (stores.folder().isPresent() ? stores.folder().get() : DataFolder.open(settings.data())).folder(INDEX);
    }

    public KnowledgeBase base() {
        return base;
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
