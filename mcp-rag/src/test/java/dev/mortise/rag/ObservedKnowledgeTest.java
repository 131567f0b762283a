package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.observe.WorkObserver;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.embed.LexicalEmbeddings;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObservedKnowledgeTest {
    @TempDir
    Path folder;

    /** What was observed, with what it was inside of, on the thread that searches. */
    private static final class Seen implements WorkObserver {
        private final List<String> seen = new CopyOnWriteArrayList<>();
        private final Deque<String> open = new ArrayDeque<>();

        @Override
        public <T> T observe(Work work, String what, Supplier<T> body) {
            String mine = work.label() + " " + what;
            seen.add(open.isEmpty() ? mine : mine + " in " + open.peek());
            open.push(mine);
            try {
                return body.get();
            } finally {
                open.pop();
            }
        }
    }

    @Test
    void searchesAndTheModelAreObserved() throws Exception {
        EmbeddingModel model = LexicalEmbeddings.of(64);
        Seen taken = new Seen();
        try (KnowledgeBase docs = KnowledgeBase.over(LuceneChunkStore.in(folder, VectorSpace.of(model)))
                .name("handbook")
                .model(model)
                .observer(taken)
                .build()) {
            docs.ingest(
                    Tenant.NONE,
                    DocumentSource.of(
                            new DocumentKey("default", "leave"), "Leave is 30 days.".getBytes(StandardCharsets.UTF_8)));
            assertThat(taken.seen).containsExactly("embeddings " + model.id());
            taken.seen.clear();
            assertThat(docs.search(Tenant.NONE, SearchQuery.of("leave")).hits()).hasSize(1);
        }
        assertThat(taken.seen)
                .containsExactly("retrieval handbook", "embeddings " + model.id() + " in retrieval handbook");
    }
}
