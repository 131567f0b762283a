package dev.mortise.rag;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.client.CallOptions;
import dev.mortise.mcp.observe.ServerMetrics;
import dev.mortise.mcp.schema.CallToolResult;
import dev.mortise.mcp.store.Eventually;
import dev.mortise.mcp.task.Tasks;
import dev.mortise.rag.document.Block;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.Format;
import dev.mortise.rag.document.ParsedText;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A folder that takes long is a task; a client that knows tasks hears how far it has come, and gets the report. */
class FolderTaskTest {
    private static final int DOCUMENTS = 6;

    @TempDir
    private Path folder;

    @Test
    void aLongOneIsATaskThatSaysHowFarItIs() throws Exception {
        for (int i = 0; i < DOCUMENTS; i++) {
            Files.writeString(folder.resolve("page" + i + ".txt"), "About topic " + i);
        }
        Semaphore gate = new Semaphore(0);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        Tasks tasks = Tasks.create();
        tasks.reportTo(ServerMetrics.to(registry).sink());
        DocumentReader reader = DocumentReader.builder()
                .parser(Format.TEXT, source -> {
                    gate.acquireUninterruptibly();
                    String text = new String(source.bytes(), StandardCharsets.UTF_8);
                    return new ParsedText(null, text, List.of(new Block.Prose(0, text.length())));
                })
                .build();
        ConcurrentLinkedQueue<String> statuses = new ConcurrentLinkedQueue<>();
        try (KnowledgeBase base = KnowledgeBase.over(LuceneChunkStore.inMemory(null))
                        .reader(reader)
                        .build();
                McpServer server = McpServer.builder("knowledge", "1")
                        .plugin(tasks)
                        .plugin(Knowledge.builder(base).root("docs", folder).build())
                        .build();
                McpClient client = McpClient.inMemory(server).connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CallToolResult> called = threads.submit(() -> client.callTool(
                    "ingest_folder", Map.of("root", "docs"), CallOptions.DEFAULT.onStatus(statuses::add)));
            try {
                Eventually.holds(
                        "it has become a task",
                        () -> registry.get("mcp.server.tasks").gauge().value() == 1);
                gate.release();
                Eventually.holds(
                        "the task tells of its first document",
                        () -> statuses.stream().anyMatch(status -> status.contains("page")));
                assertThat(called.isDone()).isFalse();
            } finally {
                gate.release(DOCUMENTS);
            }
            CallToolResult result = called.get();
            assertThat(result.isError()).as(result.toString()).isFalse();
            JsonNode report = result.structuredContent();
            assertThat(report).isNotNull();
            assertThat(report.path("stored").intValue()).isEqualTo(DOCUMENTS);
        }
    }
}
