package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mortise.mcp.json.Json;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionsTest {
    @Test
    void ofATool() {
        ToolDefinition tool = ToolDefinition.builder("add", Json.parse("{\"type\":\"object\"}"))
                .title("Add")
                .description("Adds two numbers")
                .outputSchema(Json.parse("{\"type\":\"number\"}"))
                .annotations(ToolAnnotations.builder()
                        .title("A")
                        .idempotent(true)
                        .destructive(false)
                        .build())
                .icons(Icon.of("data:image/png;base64,AAH/").withMimeType("image/png"))
                .meta(Meta.of("com.example/team", "maths"))
                .build();
        assertSame(tool, """
                {"name": "add", "title": "Add", "description": "Adds two numbers",
                 "inputSchema": {"type": "object"}, "outputSchema": {"type": "number"},
                 "annotations": {"title": "A", "idempotentHint": true, "destructiveHint": false},
                 "icons": [{"src": "data:image/png;base64,AAH/", "mimeType": "image/png"}],
                 "_meta": {"com.example/team": "maths"}}""");
        assertThat(decode(encode(tool), ToolDefinition.class)).isEqualTo(tool);
    }

    @Test
    void ofAPrompt() {
        PromptDefinition prompt = PromptDefinition.builder("review")
                .title("Review")
                .description("Reviews code")
                .arguments(
                        PromptArgument.required("code").withDescription("the code"),
                        PromptArgument.optional("tone").withTitle("Tone"))
                .build();
        assertSame(prompt, """
                {"name": "review", "title": "Review", "description": "Reviews code", "arguments": [
                   {"name": "code", "description": "the code", "required": true},
                   {"name": "tone", "title": "Tone"}]}""");
        assertThat(decode(encode(prompt), PromptDefinition.class)).isEqualTo(prompt);
    }

    @Test
    void ofAResourceTemplate() {
        ResourceTemplateDefinition template = ResourceTemplateDefinition.builder("file:///{path}", "files")
                .title("Files")
                .description("All of them")
                .mimeType("text/plain")
                .annotations(Annotations.builder().priority(0).build())
                .icons(Icon.of("https://example.com/x.png"))
                .meta(Meta.of("k", 1))
                .build();
        assertSame(template, """
                {"uriTemplate": "file:///{path}", "name": "files", "title": "Files", "description": "All of them",
                 "mimeType": "text/plain", "annotations": {"priority": 0},
                 "icons": [{"src": "https://example.com/x.png"}], "_meta": {"k": 1}}""");
        assertThat(decode(encode(template), ResourceTemplateDefinition.class)).isEqualTo(template);
    }

    @Test
    void ofAnImplementation() {
        assertSame(
                Implementation.builder("server", "1.0")
                        .title("Server")
                        .description("d")
                        .websiteUrl("https://example.com")
                        .icons(Icon.of("https://example.com/x.png"))
                        .build(),
                """
                {"name": "server", "title": "Server", "version": "1.0", "description": "d",
                 "websiteUrl": "https://example.com", "icons": [{"src": "https://example.com/x.png"}]}""");
    }

    @Test
    void ofASamplingRequest() {
        var request = CreateMessageRequest.of(CreateMessageRequestParams.builder(
                        List.of(SamplingMessage.user("x"), SamplingMessage.assistant("y")), 10)
                .modelPreferences(ModelPreferences.builder()
                        .hint("small")
                        .hint("fast")
                        .costPriority(1)
                        .speedPriority(0.5)
                        .intelligencePriority(0)
                        .build())
                .systemPrompt("s")
                .includeContext(IncludeContext.NONE)
                .temperature(0.2)
                .stopSequences(List.of("."))
                .metadata(Json.object().put("k", 1))
                .toolChoice(ToolChoice.of(ToolChoice.Mode.NONE))
                .build());
        assertSame(request, """
                {"method": "sampling/createMessage", "params": {
                   "messages": [{"role": "user", "content": {"type": "text", "text": "x"}},
                                {"role": "assistant", "content": {"type": "text", "text": "y"}}],
                   "modelPreferences": {"hints": [{"name": "small"}, {"name": "fast"}],
                      "costPriority": 1, "speedPriority": 0.5, "intelligencePriority": 0},
                   "systemPrompt": "s", "includeContext": "none", "temperature": 0.2, "maxTokens": 10,
                   "stopSequences": ["."], "metadata": {"k": 1}, "toolChoice": {"mode": "none"}}}""");
        assertThat(decode(encode(request), InputRequest.class)).isEqualTo(request);
    }
}
