package dev.mortise.rag;

import static dev.mortise.rag.KnowledgeServer.call;
import static dev.mortise.rag.KnowledgeServer.ingest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.embed.CachedEmbeddings;
import dev.mortise.rag.embed.LexicalEmbeddings;
import dev.mortise.rag.ingest.IngestOutcome;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.search.SearchResult;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a knowledge base tells of: to billing, to metrics, to health. */
class KnowledgeFiguresTest {
    @Test
    void whereVectorsComeFromIsShown() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        CachedEmbeddings model = CachedEmbeddings.of(LexicalEmbeddings.of(64)).build();
        try (KnowledgeBase measured = KnowledgeBase.over(LuceneChunkStore.inMemory(VectorSpace.of(model)))
                .model(model)
                .metrics(ServerMetrics.to(registry).sink())
                .build()) {
            byte[] text = "Pumps are greased monthly.".getBytes(StandardCharsets.UTF_8);
            for (String name : List.of("a", "b")) {
                measured.ingest(
                        Tenant.NONE,
                        DocumentSource.of(new DocumentKey("default", name), text)
                                .withTitle("Pumps"));
            }
            measured.search(Tenant.NONE, SearchQuery.of("grease"));
            measured.search(Tenant.NONE, SearchQuery.of("grease"));
        }
        assertThat(vectors(registry, "model")).isEqualTo(2);
        assertThat(vectors(registry, "process")).isEqualTo(1);
        assertThat(vectors(registry, "redis")).isZero();
        assertThat(registry.get("rag.embedded.texts").counter().count())
                .as("one of the passages, and the query")
                .isEqualTo(2);
    }

    @Test
    void aRerankerOfTheHostDecides() throws Exception {
        try (KnowledgeBase reranked = KnowledgeBase.over(LuceneChunkStore.inMemory(null))
                .searching(search -> search.reranker((query, hits) -> hits.stream()
                        .mapToDouble(hit -> hit.chunk().text().contains("last") ? 1 : 0.5)
                        .toArray()))
                .build()) {
            for (String text : List.of("pump pump pump", "the last of many words about a pump")) {
                reranked.ingest(
                        Tenant.NONE,
                        DocumentSource.of(new DocumentKey("default", text), text.getBytes(StandardCharsets.UTF_8)));
            }
            assertThat(reranked.search(Tenant.NONE, SearchQuery.of("pump"))
                            .hits()
                            .getFirst()
                            .chunk()
                            .text())
                    .contains("last");
        }
    }

    private static double vectors(SimpleMeterRegistry registry, String source) {
        return registry.get("rag.embedding.vectors")
                .tag("source", source)
                .functionCounter()
                .count();
    }

    @Test
    void storedBytesSearchesAndFiguresAreReported() throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        AtomicLong bytes = new AtomicLong();
        AtomicInteger searches = new AtomicInteger();
        KnowledgeListener billing = new KnowledgeListener() {
            @Override
            public void ingested(Tenant tenant, IngestOutcome outcome, StoredBytes storedBytes) {
                bytes.addAndGet(storedBytes.delta());
            }

            @Override
            public void deleted(Tenant tenant, DocumentKey document, StoredBytes storedBytes) {
                bytes.addAndGet(storedBytes.delta());
            }

            @Override
            public void searched(Tenant tenant, SearchQuery query, SearchResult result, Duration took) {
                searches.incrementAndGet();
                throw new IllegalStateException("A listener that fails keeps nobody from searching");
            }
        };
        try (KnowledgeBase measured = KnowledgeBase.over(LuceneChunkStore.inMemory(null))
                .name("docs")
                .listener(billing)
                .metrics(ServerMetrics.to(registry).sink())
                .build()) {
            McpServer local =
                    McpServer.builder("k", "1").plugin(Knowledge.of(measured)).build();
            try (McpClient client = McpClient.inMemory(local).connect()) {
                ingest(client, "a", "0123456789 some words");
                ingest(client, "a", "some words");
                call(client, "search_knowledge", Map.of("query", "words"));
                call(client, "search_knowledge", Map.of("query", "words"));
                assertThat(bytes).hasValue(10);
                assertThat(searches).hasValue(2);
                assertThat(registry.get("rag.query.performance")
                                .tag("base", "docs")
                                .timer()
                                .count())
                        .isEqualTo(2);
                assertThat(registry.get("rag.queries")
                                .tag("source", "cache")
                                .counter()
                                .count())
                        .isEqualTo(1);
                assertThat(registry.get("rag.documents")
                                .tag("outcome", "stored")
                                .counter()
                                .count())
                        .isEqualTo(2);
                Eventually.holds(
                        "the size is known, which is asked for in the background",
                        () -> registry.get("rag.index.size.bytes").gauge().value() > 0);
                call(client, "delete_document", Map.of("document", "a"));
                assertThat(bytes).hasValue(0);
                assertThat(measured.health().name()).isEqualTo("knowledge-docs");
                assertThat(measured.health().probe().look().ok()).isTrue();
            }
        }
    }
}
