package dev.mortise.elsewhere;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.McpServer;
import dev.mortise.mcp.schema.Icon;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.mcp.server.Resource;
import dev.mortise.mcp.server.ResourceOutcome;
import dev.mortise.mcp.server.Tool;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Pictures that a host gives to what it has not written. */
class DefinitionIconsTest {
    private static final Icon OWN = Icon.of("https://example.com/own.png");
    private static final Icon GIVEN = Icon.of("https://example.com/given.png");
    private static final Icon LATER = Icon.of("https://example.com/later.png");

    private final McpServer server = McpServer.builder("icons", "1")
            .tool(Tool.named("own").icons(OWN).handle((in, call) -> "x"))
            .tool(Tool.named("given").handle((in, call) -> "x"))
            .tool(Tool.named("later").handle((in, call) -> "x"))
            .tool(Tool.named("none").handle((in, call) -> "x"))
            .resource(Resource.at("test://given", "given").read(call -> ResourceOutcome.found(call.text("x"))))
            .definitionIcons(entry -> entry instanceof Tool tool && tool.key().equals("given")
                            || entry instanceof Resource
                            || entry.key().equals("own")
                    ? List.of(GIVEN)
                    : List.of())
            .definitionIcons(entry -> entry.key().equals("none") ? List.of() : List.of(LATER))
            .definitionMeta((entry, meta) -> entry.key().equals("given") ? meta.with("com.example/kept", "yes") : meta)
            .build();

    @Test
    void theyAreInListsWhereAnEntryHasNoneOfItsOwn() {
        try (McpClient client = McpClient.inMemory(server).connect()) {
            Map<String, ToolDefinition> tools =
                    client.tools().collect(Collectors.toMap(ToolDefinition::name, Function.identity()));
            assertThat(tools.get("own").icons()).containsExactly(OWN);
            assertThat(tools.get("given").icons()).containsExactly(GIVEN);
            assertThat(tools.get("given").meta().get("com.example/kept")).isPresent();
            assertThat(tools.get("later").icons()).containsExactly(LATER);
            assertThat(tools.get("none").icons()).isEmpty();
            assertThat(client.resources().map(ResourceDefinition::icons)).containsExactly(List.of(GIVEN));
        }
    }
}
