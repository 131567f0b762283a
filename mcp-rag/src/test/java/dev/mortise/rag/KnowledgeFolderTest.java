package dev.mortise.rag;

import static dev.mortise.rag.KnowledgeServer.call;
import static dev.mortise.rag.KnowledgeServer.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.schema.CallToolResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Folders of the server, which clients have taken in. */
class KnowledgeFolderTest {
    @TempDir
    private Path folder;

    private final KnowledgeServer knowledge = new KnowledgeServer();

    @AfterEach
    void stop() throws Exception {
        knowledge.close();
    }

    @Test
    void aFolderIsTakenInWithProgressAndOnlyFromItsRoot() throws Exception {
        Path docs = Files.createDirectory(folder.resolve("docs"));
        Files.createDirectory(docs.resolve("guide"));
        for (int i = 0; i < 20; i++) {
            Files.writeString(docs.resolve("guide/page" + i + ".md"), "# Page " + i + "\n\nAbout topic number " + i);
        }
        Files.write(docs.resolve("broken.pdf"), new byte[] {1, 2, 3});
        Files.writeString(folder.resolve("outside.md"), "secret outside");
        Files.createSymbolicLink(docs.resolve("link"), folder);
        knowledge.serve(Knowledge.builder(knowledge.base).root("handbook", docs).build());
        try (McpClient client = knowledge.client("acme")) {
            ConcurrentLinkedQueue<Double> progress = new ConcurrentLinkedQueue<>();
            CallToolResult result = client.callTool(
                    "ingest_folder",
                    Map.of("root", "handbook", "collection", "hb"),
                    CallOptions.DEFAULT.onProgress(notice -> progress.add(notice.progress())));
            assertThat(result.isError()).as(result.toString()).isFalse();
            JsonNode report = result.structuredContent();
            assertThat(report.path("stored").intValue()).isEqualTo(20);
            assertThat(report.path("failed").intValue()).isEqualTo(1);
            assertThat(report.at("/failures/0/document").stringValue()).isEqualTo("broken");
            assertThat(List.copyOf(progress)).isNotEmpty().isSorted();
            JsonNode hit = call(client, "search_knowledge", Map.of("query", "topic number 7", "collection", "hb"))
                    .at("/hits/0");
            assertThat(hit.path("document").stringValue()).isEqualTo("guide/page7");
            JsonNode again = call(client, "ingest_folder", Map.of("root", "handbook", "collection", "hb"));
            assertThat(again.path("unchanged").intValue()).isEqualTo(20);
            assertThat(failure(client, "ingest_folder", Map.of("root", "etc"))).contains("only handbook");
            for (String path : List.of("..", "../..", "/etc", "link", "nowhere", "guide/../..", "\0")) {
                assertThat(failure(client, "ingest_folder", Map.of("root", "handbook", "path", path)))
                        .as(path)
                        .contains("There is no folder")
                        .doesNotContain(docs.toString());
            }
            JsonNode firstPage = call(client, "list_documents", Map.of("limit", 15));
            assertThat(firstPage.path("more").booleanValue()).isTrue();
            JsonNode rest = call(
                    client,
                    "list_documents",
                    Map.of(
                            "limit",
                            15,
                            "after",
                            firstPage.at("/documents/14/uri").stringValue()));
            assertThat(rest.path("documents")).hasSize(5);
        }
    }
}
