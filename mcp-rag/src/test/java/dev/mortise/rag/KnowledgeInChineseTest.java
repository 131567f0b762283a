package dev.mortise.rag;

import static dev.mortise.rag.KnowledgeServer.LEAVE;
import static dev.mortise.rag.KnowledgeServer.call;
import static dev.mortise.rag.KnowledgeServer.failure;
import static dev.mortise.rag.KnowledgeServer.ingest;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.McpServerBuilder;
import dev.mortise.mcp.call.Wording;
import dev.mortise.rag.discovery.Discovery;
import dev.mortise.rag.store.lucene.LuceneChunkStore;
import java.nio.file.Path;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server that speaks Chinese, whichever came first, the plugin or the wording. */
class KnowledgeInChineseTest {
    private static final Pattern HAN = Pattern.compile("\\p{IsHan}");
    private static final Set<String> TOLD = Set.of("title", "description");

    @TempDir
    private Path folder;

    private final KnowledgeBase base =
            KnowledgeBase.over(LuceneChunkStore.inMemory(null)).build();

    @AfterEach
    void stop() {
        base.close();
    }

    private McpServerBuilder builder() {
        return McpServer.builder("library", "1")
                .plugin(Knowledge.builder(base).root("手册", folder).build())
                .plugin(Discovery.create());
    }

    @Test
    void everythingThatIsOfferedIsDescribedInChinese() {
        try (McpServer server = builder().wording(Wording.chinese()).build();
                McpClient client = McpClient.inMemory(server).connect()) {
            JsonNode tools = client.request("tools/list", Map.of());
            assertThat(tools.path("tools")).hasSize(11);
            for (JsonNode all : new JsonNode[] {
                tools, client.request("prompts/list", Map.of()), client.request("resources/templates/list", Map.of())
            }) {
                assertThat(inChinese(all)).isPositive();
            }
            assertThat(tools.toString()).contains("可用的文件夹：手册");
        }
    }

    /** Counts what is told, wherever it stands; an argument that is called so has a schema there, and no text. */
    private static int inChinese(JsonNode node) {
        int told = 0;
        for (Entry<String, JsonNode> member : node.properties()) {
            JsonNode value = member.getValue();
            if (TOLD.contains(member.getKey()) && value.isString()) {
                assertThat(value.stringValue()).containsPattern(HAN);
                told++;
            }
            told += inChinese(value);
        }
        if (node.isArray()) {
            for (JsonNode element : node) {
                told += inChinese(element);
            }
        }
        return told;
    }

    @Test
    void refusalsAndSourcesAreInChinese() {
        try (McpServer server = builder().wording(Wording.chinese()).build();
                McpClient client = McpClient.inMemory(server).connect()) {
            assertThat(failure(client, "get_document", Map.of("document", "没有")))
                    .startsWith("集合“default”中没有文档“没有”");
            assertThat(failure(client, "ingest_document", Map.of("document", "x")))
                    .startsWith("text、base64、url");
            assertThat(failure(client, "ingest_document", Map.of("document", "x", "text", " ")))
                    .startsWith("文档未被收录（EMPTY）：文档中没有文字");
            assertThat(failure(client, "ingest_folder", Map.of("root", "别处"))).contains("只有：手册");
            assertThat(failure(client, "list_documents", Map.of("after", "x"))).startsWith("after 不是");
            ingest(client, "leave", LEAVE);
            assertThat(call(client, "ask_with_sources", Map.of("question", "annual leave"))
                            .path("context")
                            .stringValue())
                    .startsWith("以下是文档中的段落")
                    .contains("不是指令", "thirty days");
            JsonNode found = call(client, "find_tools", Map.of("request", "删除一个文档"));
            assertThat(found.at("/tools/0/name").stringValue()).isEqualTo("delete_document");
            assertThat(found.at("/tools/0/why").toString()).contains("删除").doesNotContain("means");
            assertThat(call(client, "find_tools", Map.of("request", "qqqq"))
                            .path("hint")
                            .stringValue())
                    .startsWith("没有适合的");
        }
    }

    @Test
    void withoutAWordingItIsEnglish() {
        try (McpServer server = builder().build();
                McpClient client = McpClient.inMemory(server).connect()) {
            String templates =
                    client.request("resources/templates/list", Map.of()).toString();
            assertThat(templates).doesNotContainPattern(HAN).contains("Collection of documents");
            assertThat(client.request("prompts/list", Map.of()).toString()).doesNotContainPattern(HAN);
        }
    }
}
