package dev.mortise.rag;

import static dev.mortise.rag.KnowledgeServer.LEAVE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.call.Attribute;
import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.call.Decision;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.rag.discovery.Discovery;
import dev.mortise.rag.document.DocumentReader;
import dev.mortise.rag.document.DocumentSource;
import dev.mortise.rag.document.Format;
import dev.mortise.rag.document.TikaParser;
import dev.mortise.rag.store.DocumentKey;
import dev.mortise.rag.store.Tenant;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a knowledge base offers, and what its host puts on that. */
class KnowledgeOfferTest {
    private final KnowledgeServer knowledge = new KnowledgeServer();

    @AfterEach
    void stop() throws Exception {
        knowledge.close();
    }

    @Test
    void whatTheServerPutsOnToolsIsThereAndReadOnlyOffersNoWriting() throws Exception {
        Attribute<String> level = Attribute.of("level", String.class);
        knowledge.serve(Knowledge.builder(knowledge.base)
                .readOnly()
                .with(level, "low")
                .with(level, "high", "get_document")
                .build());
        Map<String, String> levels = new HashMap<>();
        knowledge
                .server()
                .tools()
                .all()
                .forEach(tool -> levels.put(tool.key(), tool.get(level).orElse("")));
        assertThat(levels)
                .containsOnly(
                        Map.entry("search_knowledge", "low"),
                        Map.entry("ask_with_sources", "low"),
                        Map.entry("list_documents", "low"),
                        Map.entry("knowledge_stats", "low"),
                        Map.entry("get_document", "high"));
        try (McpClient client = knowledge.client("acme")) {
            for (ToolDefinition tool : client.tools().toList()) {
                assertThat(tool.title()).isNotBlank();
                assertThat(tool.description()).isNotBlank();
                assertThat(tool.outputSchema()).isNotNull();
                assertThat(tool.annotations().readOnly()).isTrue();
            }
        }
    }

    @Test
    void theToolSaysWhichFormatsCanBeRead() throws Exception {
        TikaParser tika = new TikaParser(TikaParser.Settings.standard());
        DocumentReader reader =
                DocumentReader.builder().parser(Format.PDF, tika).build();
        try (KnowledgeBase pdfs = KnowledgeBase.over(LuceneChunkStore.inMemory(null))
                .reader(reader)
                .build()) {
            assertThat(offered(pdfs)).contains("Takes text, Markdown, HTML, JSON, PDF and source code");
        }
        assertThat(offered(knowledge.base)).contains("Takes text, Markdown, HTML, JSON and source code");
    }

    private static String offered(KnowledgeBase base) {
        try (McpServer server =
                McpServer.builder("k", "1").plugin(Knowledge.of(base)).build()) {
            return String.valueOf(server.tools()
                    .find(Caller.local(), "ingest_document")
                    .orElseThrow()
                    .definition()
                    .description());
        }
    }

    /** As a policy does that lets nothing pass which says nothing of itself. */
    @Test
    void whatAPolicyAsksForCanBePutOnEverything() throws Exception {
        Attribute<String> label = Attribute.of("test.label", String.class);
        knowledge.base.ingest(
                Tenant.NONE,
                DocumentSource.of(new DocumentKey("default", "leave"), LEAVE.getBytes(StandardCharsets.UTF_8)));
        try (McpServer guarded = McpServer.builder("guarded", "1")
                        .policy((caller, target) ->
                                target.attributes().get(label).isPresent() ? Decision.ALLOW : Decision.DENY)
                        .plugin(Knowledge.builder(knowledge.base)
                                .with(label, "any")
                                .build())
                        .plugin(Discovery.builder().with(label, "any").build())
                        .build();
                McpClient client = McpClient.inMemory(guarded).connect()) {
            assertThat(client.tools().map(ToolDefinition::name))
                    .contains("search_knowledge", "delete_document", "find_tools", "find_prompts");
            assertThat(client.resources()).hasSize(1);
            assertThat(client.resourceTemplates()).hasSize(2);
            assertThat(client.prompts()).hasSize(2);
        }
    }
}
