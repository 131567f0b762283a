package dev.mortise.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mortise.mcp.call.Caller;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.Source;
import dev.mortise.mcp.server.Tool;
import dev.mortise.mcp.transport.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ListsTest {
    private static Tool tool(String name) {
        return Tool.named(name).description(name).handle((in, call) -> name);
    }

    private static McpServer serverOf(int tools, int pageSize) {
        McpServerBuilder builder = McpServer.builder("test", "1").pageSize(pageSize);
        // Backwards, because the order of registration must not matter.
        IntStream.iterate(tools - 1, i -> i >= 0, i -> i - 1)
                .forEach(i -> builder.tool(tool("tool_%02d".formatted(i))));
        return builder.build();
    }

    private static List<String> names(JsonNode page) {
        return page.path("tools").values().stream()
                .map(tool -> tool.path("name").stringValue())
                .toList();
    }

    private static String cursor(JsonNode page) {
        return "{'cursor':'" + page.path("nextCursor").stringValue() + "'}";
    }

    @Test
    void pagesAreOneListInOneOrder() {
        TestClient client = TestClient.of(serverOf(7, 3));
        List<String> all = new ArrayList<>();
        JsonNode page = client.result("tools/list", "{}");
        all.addAll(names(page));
        while (page.has("nextCursor")) {
            page = client.result("tools/list", cursor(page));
            all.addAll(names(page));
        }
        assertThat(all).containsExactly("tool_00", "tool_01", "tool_02", "tool_03", "tool_04", "tool_05", "tool_06");
    }

    @Test
    void aListThatFillsItsLastPageHasNoCursorLeft() {
        TestClient client = TestClient.of(serverOf(6, 3));
        JsonNode second = client.result("tools/list", cursor(client.result("tools/list", "{}")));
        assertThat(names(second)).hasSize(3);
        assertThat(second.has("nextCursor")).isFalse();
    }

    @Test
    void aCursorSurvivesThatItsEntryGoesAndOthersCome() {
        McpServer server = serverOf(6, 3);
        TestClient client = TestClient.of(server);
        JsonNode first = client.result("tools/list", "{}");

        server.tools().remove("tool_02");
        server.tools().add(tool("tool_00b"));
        server.tools().add(tool("tool_02b"));

        assertThat(names(client.result("tools/list", cursor(first)))).containsExactly("tool_02b", "tool_03", "tool_04");
    }

    @Test
    void cursorsThatAreNoneOfThisListAreInvalid() {
        McpServer server = McpServer.builder("test", "1")
                .pageSize(1)
                .tool(tool("a"))
                .tool(tool("b"))
                .resource(Resource.text("doc:///a", "a", "text/plain", "a"))
                .build();
        TestClient client = TestClient.of(server);
        String good = client.result("tools/list", "{}").path("nextCursor").stringValue();
        for (String bad : List.of("''", "'x'", "'not base64 !'", "'" + good + "A'", "7", "null", "{}")) {
            Received received = client.send("tools/list", "{'cursor':" + bad + "}");
            assertThat(received.error().code()).as(bad).isEqualTo(-32602);
        }
        assertThat(client.send("resources/list", "{'cursor':'" + good + "'}")
                        .error()
                        .code())
                .isEqualTo(-32602);
    }

    @Test
    void aSourceIsMergedWithWhatTheServerHolds() {
        List<String> there = List.of("alpha", "mike", "zulu");
        Source<Tool> source = new Source<>() {
            @Override
            public List<Tool> list(Caller caller, @Nullable String after, int limit) {
                return there.stream()
                        .filter(name -> after == null || name.compareTo(after) > 0)
                        .limit(limit)
                        .map(ListsTest::tool)
                        .toList();
            }

            @Override
            public Optional<Tool> find(Caller caller, String key) {
                return there.contains(key) ? Optional.of(tool(key)) : Optional.empty();
            }

            @Override
            public boolean perCaller() {
                return true;
            }
        };
        TestClient client = TestClient.of(McpServer.builder("test", "1")
                .pageSize(2)
                .tools(source)
                .tool(tool("bravo"))
                .tool(tool("mike"))
                .tool(tool("yankee"))
                .build());
        JsonNode first = client.result("tools/list", "{}");
        JsonNode second = client.result("tools/list", cursor(first));
        JsonNode third = client.result("tools/list", cursor(second));

        assertThat(names(first)).containsExactly("alpha", "bravo");
        assertThat(names(second)).containsExactly("mike", "yankee");
        assertThat(names(third)).containsExactly("zulu");
        assertThat(first.path("cacheScope").stringValue()).isEqualTo("private");
        assertThat(client.text("zulu", "{}")).isEqualTo("zulu");
    }

    @Test
    void whatWasNotThereAtBuildCannotBeAddedWithoutTheCapability() {
        McpServer server = McpServer.builder("test", "1").tool(tool("a")).build();
        assertThatThrownBy(server::prompts)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("prompts(McpServerBuilder.none())");
        Received received = TestClient.of(server).send("prompts/list", "{}");
        assertThat(received.error().code()).isEqualTo(-32601);
        assertThat(received.reply().status()).isEqualTo(404);
    }

    @Test
    void aCapabilityWithoutEntriesIsAnEmptyList() {
        McpServer server =
                McpServer.builder("test", "1").tools(McpServerBuilder.none()).build();
        TestClient client = TestClient.of(server);
        assertThat(client.result("tools/list", "{}").path("tools").size()).isZero();
        server.tools().add(tool("late"));
        assertThat(client.text("late", "{}")).isEqualTo("late");
    }
}
