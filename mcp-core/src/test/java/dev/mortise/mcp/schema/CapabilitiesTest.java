package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class CapabilitiesTest {
    @Test
    void anEmptyElicitationMeansForms() {
        var implicit = decode("{\"elicitation\":{}}", ClientCapabilities.class);
        assertThat(implicit.supportsElicitationForm()).isTrue();
        assertThat(implicit.supportsElicitationUrl()).isFalse();

        var url = decode("{\"elicitation\":{\"url\":{}}}", ClientCapabilities.class);
        assertThat(url.supportsElicitationForm()).isFalse();
        assertThat(url.supportsElicitationUrl()).isTrue();

        var both = ClientCapabilities.builder()
                .elicitation(ElicitationCapability.formAndUrl())
                .build();
        assertThat(both.supportsElicitationForm()).isTrue();
        assertThat(both.supportsElicitationUrl()).isTrue();
    }

    @Test
    void nothingDeclaredIsNothingSupported() {
        assertSame(ClientCapabilities.NONE, "{}");
        assertThat(decode(
                        "{\"experimental\":null,\"roots\":null,\"sampling\":null,\"elicitation\":null,\"extensions\":null}",
                        ClientCapabilities.class))
                .isEqualTo(ClientCapabilities.NONE);
        assertThat(ClientCapabilities.NONE.supportsElicitationForm()).isFalse();
        assertThat(ClientCapabilities.NONE.supportsElicitationUrl()).isFalse();
        assertThat(ClientCapabilities.NONE.supportsSampling()).isFalse();
        assertThat(ClientCapabilities.NONE.supportsSamplingTools()).isFalse();
        assertThat(ClientCapabilities.NONE.supportsSamplingContext()).isFalse();
        assertThat(ClientCapabilities.NONE.supportsRoots()).isFalse();
        assertThat(ClientCapabilities.NONE.supportsExtension("com.example/x")).isFalse();
    }

    @Test
    void aClientSaysWhatItOffers() {
        var client = ClientCapabilities.builder()
                .roots()
                .sampling(SamplingCapability.toolUse())
                .elicitation(ElicitationCapability.formOnly())
                .experimental("x", Json.object())
                .extension("com.example/search", Json.object().put("depth", 2))
                .build();
        assertSame(client, """
                {"experimental": {"x": {}}, "roots": {}, "sampling": {"tools": {}}, "elicitation": {"form": {}},
                 "extensions": {"com.example/search": {"depth": 2}}}""");
        assertThat(client.supportsRoots()).isTrue();
        assertThat(client.supportsSampling()).isTrue();
        assertThat(client.supportsSamplingTools()).isTrue();
        assertThat(client.supportsExtension("com.example/search")).isTrue();
        assertThat(decode("{\"sampling\":{\"context\":{}}}", ClientCapabilities.class)
                        .supportsSamplingContext())
                .isTrue();
    }

    @Test
    void aServerSaysWhatItOffers() {
        assertSame(
                ServerCapabilities.builder()
                        .logging()
                        .completions()
                        .prompts(PromptsCapability.of())
                        .resources(ResourcesCapability.of().withSubscribe())
                        .tools(ToolsCapability.of().withListChanged())
                        .extension("io.modelcontextprotocol/tasks", Json.object())
                        .build(),
                """
                {"logging": {}, "completions": {}, "prompts": {}, "resources": {"subscribe": true},
                 "tools": {"listChanged": true}, "extensions": {"io.modelcontextprotocol/tasks": {}}}""");
    }

    @Test
    void aFilterNamesOnlyWhatIsWanted() {
        SubscriptionFilter filter = SubscriptionFilter.builder()
                .promptsListChanged(true)
                .resourceSubscriptions(List.of("file:///a"))
                .build();
        assertSame(filter, "{\"promptsListChanged\":true,\"resourceSubscriptions\":[\"file:///a\"]}");
        assertSame(decode("{\"toolsListChanged\":false}", SubscriptionFilter.class), "{}");
    }

    @Test
    void loggingLevelsAreOrdered() {
        assertThat(LoggingLevel.ERROR.isAtLeast(LoggingLevel.WARNING)).isTrue();
        assertThat(LoggingLevel.WARNING.isAtLeast(LoggingLevel.WARNING)).isTrue();
        assertThat(LoggingLevel.NOTICE.isAtLeast(LoggingLevel.WARNING)).isFalse();
        assertThat(LoggingLevel.values()).startsWith(LoggingLevel.DEBUG).endsWith(LoggingLevel.EMERGENCY);
    }

    @Test
    void unstatedToolHintsHaveTheirDefaults() {
        var unstated = decode("{}", ToolAnnotations.class);
        assertThat(unstated.readOnly()).isFalse();
        assertThat(unstated.destructive()).isTrue();
        assertThat(unstated.idempotent()).isFalse();
        assertThat(unstated.openWorld()).isTrue();

        var reader = ToolAnnotations.builder().readOnly(true).openWorld(false).build();
        assertThat(reader.destructive()).isFalse();
        assertThat(reader.idempotent()).isTrue();
        assertSame(reader, "{\"readOnlyHint\":true,\"openWorldHint\":false}");
    }
}
