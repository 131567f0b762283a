package dev.mortise.examples.production;

import static dev.mortise.examples.production.Service.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.client.ServerCommand;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.TextContent;
import dev.mortise.mcp.schema.TextResourceContents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Documents: over HTTP, from the command line beside a server, and by several processes on one data folder. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DocumentsTest {
    @TempDir
    Path home;

    @Test
    void aDocumentIsTakenInFoundCitedReadAndGone() throws Exception {
        try (Service service = Service.start(home, Map.of());
                McpClient ann = service.client(service.key(Map.of(), "--subject", "ann", "--tenant", "acme"));
                McpClient eve = service.client(service.key(Map.of(), "--subject", "eve", "--tenant", "globex"))) {
            String text = "# Leave\n\nEverybody has 28 days of leave. Unused days lapse in March.\n";
            JsonNode stored = call(
                    ann,
                    "ingest_document",
                    Map.of("collection", "handbook", "document", "leave", "text", text, "mediaType", "text/markdown"));
            assertThat(stored.path("outcome").stringValue()).isEqualTo("stored");
            JsonNode found = call(ann, "search_knowledge", Map.of("query", "how many days of leave"));
            assertThat(found.at("/hits/0/document").stringValue()).isEqualTo("leave");
            JsonNode sources = call(ann, "ask_with_sources", Map.of("question", "When do unused days lapse?"));
            assertThat(sources.path("context").stringValue()).contains("lapse in March");
            assertThat(sources.at("/citations/0/uri").stringValue()).isEqualTo("knowledge://documents/handbook/leave");
            assertThat(call(ann, "get_document", Map.of("collection", "handbook", "document", "leave"))
                            .path("text")
                            .stringValue())
                    .contains("28 days");
            assertThat(call(ann, "list_documents", Map.of()).path("documents")).hasSize(1);
            assertThat(((TextResourceContents) ann.readResource("knowledge://documents/handbook/leave")
                                    .contents()
                                    .getFirst())
                            .text())
                    .contains("28 days");
            assertThat(((TextContent) ann.getPrompt("answer_from_knowledge", Map.of("question", "days of leave"))
                                    .messages()
                                    .getFirst()
                                    .content())
                            .text())
                    .contains("28 days");

            assertThat(call(eve, "search_knowledge", Map.of("query", "leave")).path("hits"))
                    .as("another tenant's")
                    .isEmpty();
            assertThat(eve.resources().map(ResourceDefinition::uri)).noneMatch(uri -> uri.startsWith("knowledge:"));

            JsonNode quota = call(ann, "my_quota", Map.of());
            assertThat(quota.path("account").stringValue()).isEqualTo("acme");
            long storage = used(quota, "storage");
            assertThat(storage).isEqualTo(text.length());
            assertThat(used(quota, "ai_operations"))
                    .as("two searches and a prompt")
                    .isEqualTo(3);
            assertThat(call(ann, "knowledge_stats", Map.of()).path("bytes").asLong())
                    .isEqualTo(storage);
            assertThat(call(ann, "find_tools", Map.of("request", "remove a document for good"))
                            .at("/tools/0/name")
                            .stringValue())
                    .isEqualTo("delete_document");
            assertThat(call(ann, "delete_document", Map.of("collection", "handbook", "document", "leave"))
                            .path("deleted")
                            .booleanValue())
                    .isTrue();
            assertThat(used(call(ann, "my_quota", Map.of()), "storage")).isZero();
        }
    }

    private static long used(JsonNode quota, String meter) {
        return quota.path("meters")
                .valueStream()
                .filter(each -> each.path("meter").asString("").equals(meter))
                .mapToLong(each -> each.path("used").asLong())
                .sum();
    }

    @Test
    void aFolderIsTakenInWhetherAServerRunsOrNot() throws Exception {
        Path folder = Files.createDirectories(home.resolve("papers/guides"));
        Files.writeString(folder.resolve("gate.md"), "# Gate\n\nThe gate closes at nine in the evening.\n");
        Files.writeString(folder.resolveSibling("leave.txt"), "28 days of leave.");
        String path = folder.getParent().toString();

        Service.Ended alone = Service.run(home, Map.of(), "ingest", path, "--collection", "house");
        assertThat(alone.out()).contains("2 stored, 0 unchanged, 0 removed, 0 failed");
        assertThat(alone.status()).as(alone.err()).isZero();
        try (Service service = Service.start(home, Map.of());
                McpClient admin = service.client(service.adminKey())) {
            assertThat(call(admin, "search_knowledge", Map.of("query", "when does the gate close"))
                            .at("/hits/0/document")
                            .stringValue())
                    .isEqualTo("guides/gate");
            Files.writeString(folder.resolve("well.md"), "# Well\n\nThe well is forty metres deep.\n");
            Service.Ended beside = Service.run(home, Map.of(), "ingest", path, "--collection", "house", "--mirror");
            assertThat(beside.out()).as(beside.err()).contains("1 stored, 2 unchanged, 0 removed, 0 failed");
            assertThat(call(admin, "search_knowledge", Map.of("query", "how deep is the well"))
                            .at("/hits/0/document")
                            .stringValue())
                    .isEqualTo("guides/well");
        }
        assertThat(Service.run(home, Map.of(), "ingest", home.resolve("nowhere").toString())
                        .err())
                .contains("nothing to read");
    }

    @Test
    void desktopClientsTakeTurnsAndAreToldWhereAServerHasTheDocuments() throws Exception {
        try (McpClient one = desktop();
                McpClient other = desktop()) {
            call(one, "ingest_document", Map.of("document", "gate", "text", "The gate closes at nine."));
            assertThat(call(other, "search_knowledge", Map.of("query", "gate")).path("hits"))
                    .hasSize(1);
            call(other, "ingest_document", Map.of("document", "well", "text", "The well is deep."));
            assertThat(call(one, "search_knowledge", Map.of("query", "well")).path("hits"))
                    .hasSize(1);
        }
        try (Service service = Service.start(home, Map.of());
                McpClient desktop = desktop()) {
            assertThat(Service.failure(desktop, "search_knowledge", Map.of("query", "gate")))
                    .contains("another process", "connect this client to that server");
            assertThatThrownBy(() -> desktop.readResource("knowledge://documents/default/gate"))
                    .hasMessageContaining("which another process has open");
            assertThat(call(desktop, "calculate", Map.of("expression", "6*7"))
                            .path("result")
                            .stringValue())
                    .as("all others work")
                    .isEqualTo("42");
            assertThat(service.url()).isNotNull();
        }
    }

    private McpClient desktop() {
        return McpClient.to(ServerCommand.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "stdio")
                        .environment("MORTISE_DATA", home.resolve("data").toString()))
                .probeTimeout(Duration.ofSeconds(60))
                .connect();
    }
}
