package dev.mortise.benchmarks;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.json.Json;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.rag.Knowledge;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.embed.EmbeddingModel;
import dev.mortise.rag.embed.LexicalEmbeddings;
import dev.mortise.rag.embed.OpenAiCompatibleEmbeddings;
import dev.mortise.rag.ingest.IngestProgress;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.store.ChunkStore;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.VectorSpace;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import dev.mortise.rag.store.postgres.PostgresChunkStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Indexes a folder in a knowledge base, asks it queries, and writes down which documents it found, best first. A corpus with
 * a folder for each language is indexed folder by folder; a document's id is its path in the folder that was indexed, without
 * the extension.
 *
 * <p>In Lucene, through {@link KnowledgeBase#search}, with no model and no network, unless it is told otherwise: {@code
 * postgres} keeps the documents in a PostgreSQL that is started for it, {@code tool} asks through {@code search_knowledge} of
 * a server, {@code lexical} adds the vectors that need no model, {@code endpoint} those of the model that the environment
 * names ({@code EMBEDDINGS_URL}, {@code EMBEDDINGS_MODEL}, {@code EMBEDDINGS_DIMENSIONS}, {@code EMBEDDINGS_KEY}).
 *
 * <p>The queries: a line {@code {"id", "query"}} each. The run: a line {@code {"id", "ranked":[ids]}} each.
 */
public final class RetrievalQuality {
    private static final int RANKED = 10;
    private static final int MOST_HITS = 50;
    private static final Set<String> OPTIONS = Set.of("postgres", "tool", "lexical", "endpoint");

    private RetrievalQuality() {}

    /** Finds documents for a query, the best first. */
    private interface Asked {
        List<String> documents(String query);
    }

    public static void main(String[] args) throws IOException, InterruptedException {
        Set<String> options = Stream.of(args).skip(3).filter(OPTIONS::contains).collect(Collectors.toSet());
        if (args.length < 3 || args.length != 3 + options.size()) {
            System.err.println("usage: RetrievalQuality CORPUS QUERIES OUT [postgres] [tool] [lexical | endpoint]");
            System.exit(2);
        }
        Optional<EmbeddingModel> model = model(options);
        VectorSpace vectors = model.map(VectorSpace::of).orElse(null);
        if (options.contains("postgres")) {
            try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
                PostgresChunkStore.Builder store = PostgresChunkStore.over(server.getPostgresDatabase());
                run(args, options, model, (vectors == null ? store : store.vectors(vectors)).migrate());
            }
        } else {
            run(args, options, model, LuceneChunkStore.inMemory(vectors));
        }
    }

    private static Optional<EmbeddingModel> model(Set<String> options) {
        if (options.contains("lexical")) {
            return Optional.of(LexicalEmbeddings.standard());
        }
        if (!options.contains("endpoint")) {
            return Optional.empty();
        }
        OpenAiCompatibleEmbeddings.Builder model = OpenAiCompatibleEmbeddings.at(
                URI.create(environment("EMBEDDINGS_URL")),
                environment("EMBEDDINGS_MODEL"),
                Integer.parseInt(environment("EMBEDDINGS_DIMENSIONS")));
        String key = System.getenv("EMBEDDINGS_KEY");
        return Optional.of((key == null ? model : model.key(() -> key)).build());
    }

    private static String environment(String name) {
        return Objects.requireNonNull(System.getenv(name), () -> name + " is not set");
    }

    private static void run(String[] args, Set<String> options, Optional<EmbeddingModel> model, ChunkStore store)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        KnowledgeBase.Builder builder = KnowledgeBase.over(store);
        model.ifPresent(builder::model);
        try (KnowledgeBase base = builder.build();
                McpServer server = McpServer.builder("quality", "1")
                        .plugin(Knowledge.builder(base).readOnly().build())
                        .build();
                McpClient client = McpClient.inMemory(server).connect()) {
            long begin = System.nanoTime();
            for (Path folder : folders(Path.of(args[0]))) {
                base.ingestFolder(Tenant.NONE, folder.getFileName().toString(), folder, false, IngestProgress.NONE);
            }
            System.out.printf(
                    "indexed %s in %.1f s%n", base.store().statistics(Tenant.NONE), (System.nanoTime() - begin) / 1e9);
            Asked asked = options.contains("tool") ? query -> byTool(client, query) : query -> byBase(base, query);
            for (String line : Files.readAllLines(Path.of(args[1]))) {
                if (!line.isBlank()) {
                    lines.add(answer(asked, Json.mapper().readTree(line), millis));
                }
            }
        }
        Files.write(Path.of(args[2]), lines, StandardCharsets.UTF_8);
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length > 0) {
            System.out.printf(
                    "%d queries: median %.1f ms, p95 %.1f ms%n",
                    sorted.length, sorted[sorted.length / 2], sorted[sorted.length * 95 / 100]);
        }
    }

    /** One for each language, where there are such ({@code en}, {@code zh}); else the folder itself. */
    private static List<Path> folders(Path corpus) throws IOException {
        try (Stream<Path> entries = Files.list(corpus)) {
            List<Path> inside = entries.filter(Files::isDirectory)
                    .filter(folder -> folder.getFileName().toString().matches("[a-z]{2}"))
                    .sorted()
                    .toList();
            return inside.isEmpty() ? List.of(corpus) : inside;
        }
    }

    private static String answer(Asked asked, JsonNode query, List<Double> millis) {
        long begin = System.nanoTime();
        List<String> documents = asked.documents(query.path("query").asString());
        millis.add((System.nanoTime() - begin) / 1e6);
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("id", query.path("id").asString());
        ArrayNode ranked = line.putArray("ranked");
        documents.forEach(ranked::add);
        return line.toString();
    }

    private static List<String> byBase(KnowledgeBase base, String query) {
        SearchQuery asked = SearchQuery.of(query).withLimit(RANKED).withPerDocument(1);
        return base.search(Tenant.NONE, asked).hits().stream()
                .map(hit -> hit.chunk().document().document())
                .toList();
    }

    /** Passages, of which a document may have several: it counts where its first one stands. */
    private static List<String> byTool(McpClient client, String query) {
        CallToolResult result = client.callTool("search_knowledge", Map.of("query", query, "limit", MOST_HITS));
        return Objects.requireNonNull(result.structuredContent(), () -> "No answer: " + result)
                .path("hits")
                .valueStream()
                .map(hit -> hit.path("document").stringValue())
                .distinct()
                .limit(RANKED)
                .toList();
    }
}
