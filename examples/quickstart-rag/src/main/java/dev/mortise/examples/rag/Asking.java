package dev.mortise.examples.rag;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.CallOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A client: starts the server, has it index its folder, and asks. */
final class Asking {
    static final String ROOT = "documents";

    /** What of the server's answers is printed. */
    public record Report(int stored, int unchanged, int removed, int failed) {}

    public record Hit(String document, String title, String snippet, double score) {}

    public record Hits(List<Hit> hits) {}

    private Asking() {}

    static void ask(String question, Path folder, Path index) {
        try (McpClient client = McpClient.stdio(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        folder.toString(),
                        index.toString())
                .connect()) {
            Report report = client.callTool(
                    "ingest_folder",
                    Map.of("root", ROOT, "mirror", true),
                    Report.class,
                    CallOptions.DEFAULT
                            .maxTime(Duration.ofHours(1))
                            .resetOnProgress(true)
                            .onProgress(notice ->
                                    System.err.printf("indexed %.0f of %.0f%n", notice.progress(), notice.total())));
            System.out.printf(
                    "%d documents indexed, %d unchanged, %d removed, %d failed%n",
                    report.stored(), report.unchanged(), report.removed(), report.failed());
            Hits found = client.callTool("search_knowledge", Map.of("query", question, "limit", 5), Hits.class);
            for (Hit hit : found.hits()) {
                System.out.printf(
                        "%n%.2f  %s (%s)%n      %s%n",
                        hit.score(),
                        hit.document(),
                        hit.title(),
                        hit.snippet().strip().replaceAll("\\s+", " "));
            }
            if (found.hits().isEmpty()) {
                System.out.println("Nothing was found.");
            }
        }
    }
}
