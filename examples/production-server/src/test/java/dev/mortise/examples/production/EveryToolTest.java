package dev.mortise.examples.production;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.McpClient;
import dev.mortise.mcp.schema.PromptArgument;
import dev.mortise.mcp.schema.ResourceDefinition;
import dev.mortise.mcp.schema.ToolAnnotations;
import dev.mortise.mcp.schema.ToolDefinition;
import dev.mortise.security.SecurityLevel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What each tool says of itself over the wire, and how many there are of everything. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class EveryToolTest {
    @TempDir
    Path home;

    @Test
    void everyToolSaysWhatAModelAndAnOperatorHaveToKnow() throws Exception {
        Path folder = Files.createDirectory(home.resolve("papers"));
        try (Service service = Service.start(home, Map.of("MORTISE_FOLDERS", "papers=" + folder));
                McpClient admin = service.client(service.adminKey())) {
            List<ToolDefinition> tools = admin.tools().toList();
            assertThat(tools).hasSizeGreaterThanOrEqualTo(31);
            SoftAssertions all = new SoftAssertions();
            tools.forEach(tool -> isComplete(all, tool));
            all.assertAll();

            long resources =
                    admin.resources().count() + admin.resourceTemplates().count();
            assertThat(resources).isGreaterThanOrEqualTo(14);
            assertThat(admin.prompts()).hasSizeGreaterThanOrEqualTo(11).allSatisfy(prompt -> {
                assertThat(prompt.title()).as(prompt.name()).isNotBlank();
                assertThat(prompt.description()).as(prompt.name()).isNotBlank();
            });
        }
    }

    /** What declares no level is as dangerous as anything can be, so that reading it would need an approval. */
    @Test
    void everyResourceCanBeReadAndEveryPromptGotWithoutAnApproval() throws Exception {
        try (Service service = Service.start(home, Map.of());
                McpClient admin = service.client(service.adminKey())) {
            assertThat(admin.resources().toList())
                    .extracting(ResourceDefinition::uri)
                    .contains("billing://quota", "mortise://help")
                    .allSatisfy(uri ->
                            assertThat(admin.readResource(uri).contents()).isNotEmpty());
            assertThat(admin.prompts().toList()).allSatisfy(prompt -> {
                Map<String, String> arguments = prompt.arguments().stream()
                        .collect(Collectors.toMap(PromptArgument::name, argument -> "words"));
                assertThat(admin.getPrompt(prompt.name(), arguments).messages()).isNotEmpty();
            });
        }
    }

    private static void isComplete(SoftAssertions all, ToolDefinition tool) {
        String name = tool.name();
        all.assertThat(tool.title()).as(name).isNotBlank();
        all.assertThat(tool.description()).as(name).hasSizeBetween(40, 700).endsWith(".");
        all.assertThat(tool.inputSchema().path("type").asString("")).as(name).isEqualTo("object");
        JsonNode output = tool.outputSchema();
        all.assertThat(output != null && output.path("properties").size() > 0)
                .as(name + " has an output schema")
                .isTrue();
        ToolAnnotations hints = Objects.requireNonNull(tool.annotations(), name);
        all.assertThat(hints.openWorldHint()).as(name).isNotNull();
        boolean reads = Boolean.TRUE.equals(hints.readOnlyHint());
        all.assertThat(reads || hints.idempotentHint() != null)
                .as(name + " says whether twice is as good as once")
                .isTrue();
        JsonNode handling = tool.meta().get("dev.mortise.example/handling").orElseThrow();
        all.assertThat(Arrays.stream(SecurityLevel.values()).map(Enum::name))
                .as(name)
                .contains(handling.path("level").asString(""));
        all.assertThat(handling.path("timeoutSeconds").asInt(0)).as(name).isBetween(1, 1_800);
        // The longest answer within their request; what may take longer becomes a task.
        all.assertThat(handling.path("timeoutSeconds").asInt(0) <= 30
                        || handling.path("task").asBoolean(false))
                .as(name + " becomes a task when it takes long")
                .isTrue();
        all.assertThat(tool.icons())
                .as(name + " has a picture")
                .singleElement()
                .satisfies(icon -> assertThat(icon.src()).startsWith("data:image/svg+xml;base64,"));
        boolean free = handling.path("free").asBoolean(false);
        long calls = tool.meta()
                .get("dev.mortise/price")
                .orElse(handling)
                .path("units")
                .path("api_calls")
                .asLong(0);
        all.assertThat(free ? calls == 0 : calls >= 1)
                .as(name + " costs " + calls)
                .isTrue();
    }
}
