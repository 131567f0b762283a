package dev.mortise.benchmarks;

import dev.mortise.mcp.json.Json;
import dev.mortise.rag.KnowledgeBase;
import dev.mortise.rag.ingest.IngestProgress;
import dev.mortise.rag.search.SearchHit;
import dev.mortise.rag.search.SearchQuery;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Indexes a folder in a knowledge base, with no model and no network, asks it queries, and writes down which documents it
 * found, best first. A corpus with a folder for each language is indexed folder by folder; a document's id is its path in
 * the folder that was indexed, without the extension.
 *
 * <p>The queries: a line {@code {"id", "query"}} each. The run: a line {@code {"id", "ranked":[ids]}} each.
 */
public final class RetrievalQuality {
    private static final int RANKED = 10;

    private RetrievalQuality() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        if (args.length != 3) {
            System.err.println("usage: RetrievalQuality CORPUS QUERIES OUT");
            System.exit(2);
        }
        Path corpus = Path.of(args[0]);
        List<String> lines = new ArrayList<>();
        List<Double> millis = new ArrayList<>();
        try (KnowledgeBase base =
                KnowledgeBase.over(LuceneChunkStore.inMemory(null)).build()) {
            long begin = System.nanoTime();
            for (Path folder : folders(corpus)) {
                base.ingestFolder(Tenant.NONE, folder.getFileName().toString(), folder, false, IngestProgress.NONE);
            }
            System.out.printf(
                    "indexed %s in %.1f s%n", base.store().statistics(Tenant.NONE), (System.nanoTime() - begin) / 1e9);
            for (String line : Files.readAllLines(Path.of(args[1]))) {
                if (!line.isBlank()) {
                    lines.add(answer(base, Json.mapper().readTree(line), millis));
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

    private static String answer(KnowledgeBase base, JsonNode query, List<Double> millis) {
        SearchQuery asked =
                SearchQuery.of(query.path("query").asString()).withLimit(RANKED).withPerDocument(1);
        long begin = System.nanoTime();
        List<SearchHit> hits = base.search(Tenant.NONE, asked).hits();
        millis.add((System.nanoTime() - begin) / 1e6);
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("id", query.path("id").asString());
        ArrayNode ranked = line.putArray("ranked");
        hits.forEach(hit -> ranked.add(hit.chunk().document().document()));
        return line.toString();
    }
}
