package dev.mortise.mcp.schema;

import static dev.mortise.mcp.schema.Trees.assertSame;
import static dev.mortise.mcp.schema.Trees.decode;
import static dev.mortise.mcp.schema.Trees.encode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mortise.mcp.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentTest {
    private static final byte[] BYTES = {0, 1, (byte) 0xff};

    @Test
    void carriesBytesAsBase64() {
        assertThat(ImageContent.of(BYTES, "image/png").data()).isEqualTo("AAH/");
        assertThat(ImageContent.of(BYTES, "image/png").bytes()).isEqualTo(BYTES);
        assertThat(AudioContent.of(BYTES, "audio/wav").bytes()).isEqualTo(BYTES);
        assertThat(BlobResourceContents.of("x:y", BYTES).bytes()).isEqualTo(BYTES);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> ImageContent.ofBase64("not base64!", "image/png").bytes())
                .withMessage("ImageContent.data is not Base64");
    }

    @Test
    void isToldApartByType() {
        assertThat(decode("{\"text\":\"x\",\"type\":\"text\"}", ContentBlock.class))
                .isEqualTo(TextContent.of("x"));
        assertThat(decode("{\"text\":\"x\",\"type\":\"text\"}", SamplingContent.class))
                .isEqualTo(TextContent.of("x"));
        assertThat(decode(
                        "{\"type\":\"resource\",\"resource\":{\"uri\":\"x:y\",\"blob\":\"AAH/\"}}", ContentBlock.class))
                .isEqualTo(EmbeddedResource.of(BlobResourceContents.of("x:y", BYTES)));
    }

    @Test
    void linksToAResourceWithAllThatIsKnownOfIt() {
        ResourceLink link = ResourceLink.to(ResourceDefinition.builder("file:///a", "a")
                .title("A")
                .mimeType("text/plain")
                .size(3)
                .annotations(Annotations.builder().audience(Role.USER).build())
                .icons(Icon.of("https://example.com/a.png").withSizes("any").withTheme(IconTheme.DARK))
                .meta(Meta.of("k", 1))
                .build());
        assertSame(link, """
                {"type": "resource_link", "uri": "file:///a", "name": "a", "title": "A", "mimeType": "text/plain",
                 "size": 3, "annotations": {"audience": ["user"]}, "_meta": {"k": 1},
                 "icons": [{"src": "https://example.com/a.png", "sizes": ["any"], "theme": "dark"}]}""");
        assertThat(decode(encode(link), ContentBlock.class)).isEqualTo(link);
        assertThat(link.meta().get("k")).isPresent();
    }

    @Test
    void takesAnnotations() {
        Instant moment = Instant.parse("2026-08-01T10:00:00Z");
        Annotations annotations = Annotations.builder()
                .audience(Role.ASSISTANT)
                .priority(1)
                .lastModified(moment)
                .build();
        assertThat(annotations.lastModifiedInstant()).contains(moment);
        assertThat(decode("{\"lastModified\":\"2026-08-01T12:00:00+02:00\"}", Annotations.class)
                        .lastModifiedInstant())
                .contains(moment);
        assertThat(decode("{\"lastModified\":\"yesterday\"}", Annotations.class).lastModifiedInstant())
                .isEmpty();
        assertSame(TextContent.of("x").withAnnotations(annotations), """
                {"type": "text", "text": "x", "annotations":
                  {"audience": ["assistant"], "priority": 1, "lastModified": "2026-08-01T10:00:00Z"}}""");
    }

    @Test
    void ofOneMessageMayStandAloneOrInAnArray() {
        SamplingMessage one = SamplingMessage.user("x");
        assertSame(one, "{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"x\"}}");
        assertThat(decode(
                        "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"x\"}]}", SamplingMessage.class))
                .isEqualTo(one);
        assertThat(encode(SamplingMessage.of(Role.ASSISTANT, TextContent.of("x"), TextContent.of("y")))
                        .get("content"))
                .hasSize(2);
        assertThat(encode(SamplingMessage.of(Role.ASSISTANT)).get("content").isArray())
                .isTrue();
    }

    @Test
    void ofToolResultsIsNotMixed() {
        var answer = ToolResultContent.of("id", CallToolResult.error("x"));
        assertThat(answer.isError()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SamplingMessage.of(Role.USER, answer, TextContent.of("x")))
                .withMessageContaining("mixes tool results");
    }

    @Test
    void isCopiedWhereItIsHeld() {
        List<ContentBlock> blocks = new ArrayList<>(List.of(TextContent.of("x")));
        CallToolResult result = CallToolResult.of(blocks);
        blocks.clear();
        assertThat(result.content()).containsExactly(TextContent.of("x"));
    }

    @Test
    void ofAModelSaysWhyItStopped() {
        var result = CreateMessageResult.of(
                        "m", ToolUseContent.of("1", "add", Json.object().put("a", 1)))
                .withStopReason("toolUse");
        assertSame(result, """
                {"role": "assistant", "model": "m", "stopReason": "toolUse",
                 "content": {"type": "tool_use", "id": "1", "name": "add", "input": {"a": 1}}}""");
        assertThat(result.message().content()).isEqualTo(result.content());
    }
}
